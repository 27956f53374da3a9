/** One line to the portal that keeps itself alive: back-off with jitter, heartbeat, resume on focus. */
import { closeCodes, type ClientFrame, type ServerFrame } from './protocol.ts';
import { SocketTransport, StreamTransport, type Transport } from './transport.ts';

export type ConnectionState = 'live' | 'reconnecting' | 'offline';

export interface Handlers {
  /** The line is open: say hello. */
  open: () => void;
  frame: (frame: ServerFrame) => void;
  /** The portal will not have this session any more. */
  ended: (why: 'session' | 'second_factor') => void;
}

const heartbeatMilliseconds = 10_000;
const patienceMilliseconds = 8_000;
/** A stream says by itself, every ten seconds, that it lives. */
const streamSilenceMilliseconds = 25_000;
const openingMilliseconds = 6_000;
/** So many websockets in a row that never opened, though the portal can be reached: they are blocked. */
const refusedSockets = 2;

/** How long to wait before attempt n (0-based): half fixed, half random, 30 s at most. */
export function backOff(attempt: number, random: number): number {
  const ceiling = Math.min(30_000, 500 * 2 ** attempt);
  return ceiling / 2 + (ceiling / 2) * random;
}

export class Connection {
  state = $state<ConnectionState>('reconnecting');
  /** When the connection was lost; null while live. */
  since = $state<number | null>(null);
  /** Which way the line goes. */
  kind = $state<Transport['kind']>('socket');

  #handlers: Handlers;
  #transport: Transport | null = null;
  #unopened = 0;
  #opening: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #lastHeard = 0;
  #awaitsPong = 0;

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    addEventListener('online', this.#wake);
    addEventListener('offline', this.#sleep);
    addEventListener('focus', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    this.#open();
  }

  stop(): void {
    this.#running = false;
    removeEventListener('online', this.#wake);
    removeEventListener('offline', this.#sleep);
    removeEventListener('focus', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
    clearTimeout(this.#retry);
    this.#drop();
    this.state = 'reconnecting';
    this.since = null;
  }

  /** Returns false when the frame cannot go by this line; the caller then keeps it, or asks over REST. */
  send(frame: ClientFrame): boolean {
    return this.#transport?.send(frame) ?? false;
  }

  /** The portal has welcomed this client: it is live from here on. */
  welcomed(): void {
    this.#attempt = 0;
    this.state = 'live';
    this.since = null;
  }

  #open(): void {
    clearTimeout(this.#retry);
    const Way = this.#unopened >= refusedSockets ? StreamTransport : SocketTransport;
    const transport: Transport = new Way({
      open: () => this.#opened(transport),
      heard: () => this.#heard(),
      frame: (frame) => {
        if (frame.type !== 'pong') this.#handlers.frame(frame);
      },
      closed: (code) => {
        if (this.#transport === transport) this.#closed(code);
      },
    });
    this.#transport = transport;
    this.kind = transport.kind;
    // What swallows websockets does not always refuse them.
    this.#opening = setTimeout(() => this.#closed(1006), openingMilliseconds);
  }

  #opened(transport: Transport): void {
    if (this.#transport !== transport) return;
    if (transport.kind === 'socket') this.#unopened = 0;
    clearTimeout(this.#opening);
    this.#opening = undefined;
    this.#heard();
    this.#heartbeat = setInterval(this.#beat, 1_000);
    this.#handlers.open();
  }

  #closed(code: number): void {
    if (this.kind === 'socket' && this.#opening !== undefined) void this.#countUnopened();
    // A stream that fails may mean that the network changed: websockets get their next chance.
    if (this.kind === 'stream') this.#unopened = 0;
    this.#drop();
    if (code === closeCodes.sessionEnded || code === closeCodes.forbidden) {
      this.#handlers.ended(code === closeCodes.sessionEnded ? 'session' : 'second_factor');
    }
    if (!this.#running) return;
    if (code === closeCodes.tooSlow) return this.#open();
    if (code === closeCodes.protocolError) this.#attempt = Math.max(this.#attempt, 6);
    this.#lost();
    this.#retry = setTimeout(() => this.#open(), backOff(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  /** A portal that cannot be reached at all blocks nothing. */
  async #countUnopened(): Promise<void> {
    const answer = await fetch('/api/health/live', { cache: 'no-store' }).catch(() => null);
    if (answer?.ok) this.#unopened += 1;
  }

  #lost(): void {
    this.since ??= Date.now();
    this.state = navigator.onLine && this.#attempt < 3 ? 'reconnecting' : 'offline';
  }

  #drop(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#opening);
    this.#opening = undefined;
    const transport = this.#transport;
    this.#transport = null;
    transport?.close();
  }

  #heard(): void {
    this.#lastHeard = Date.now();
    this.#awaitsPong = 0;
  }

  /** A half-open line looks fine until something is expected of it. */
  #beat = (): void => {
    const now = Date.now();
    if (this.kind === 'stream') {
      if (now - this.#lastHeard > streamSilenceMilliseconds) this.#closed(1006);
      return;
    }
    if (this.#awaitsPong && now - this.#awaitsPong > patienceMilliseconds)
      return this.#closed(1006);
    if (!this.#awaitsPong && now - this.#lastHeard > heartbeatMilliseconds) {
      this.#awaitsPong = now;
      this.send({ type: 'ping' });
    }
  };

  #wake = (): void => {
    if (!this.#running || document.visibilityState === 'hidden') return;
    if (this.#transport === null) {
      this.#attempt = 0;
      this.#open();
    } else if (this.kind === 'socket' && this.#transport.isOpen && !this.#awaitsPong) {
      this.#awaitsPong = Date.now();
      this.send({ type: 'ping' });
    }
  };

  #sleep = (): void => {
    if (this.#transport) this.#closed(1006);
    else this.#lost();
  };
}
