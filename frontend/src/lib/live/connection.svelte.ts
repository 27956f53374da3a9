/** One websocket that keeps itself alive: back-off with jitter, heartbeat, resume on focus. */
import { apiBase } from '#lib/api/http.ts';
import { closeCodes, type ClientFrame, type ServerFrame } from './protocol.ts';

export type ConnectionState = 'live' | 'reconnecting' | 'offline';

export interface Handlers {
  /** The socket is open: say hello. */
  open: () => void;
  frame: (frame: ServerFrame) => void;
  /** The portal will not have this session any more. */
  ended: (why: 'session' | 'second_factor') => void;
}

const heartbeatMilliseconds = 10_000;
const patienceMilliseconds = 8_000;

/** How long to wait before attempt n (0-based): half fixed, half random, 30 s at most. */
export function backOff(attempt: number, random: number): number {
  const ceiling = Math.min(30_000, 500 * 2 ** attempt);
  return ceiling / 2 + (ceiling / 2) * random;
}

export class Connection {
  state = $state<ConnectionState>('reconnecting');
  /** When the connection was lost; null while live. */
  since = $state<number | null>(null);

  #handlers: Handlers;
  #socket: WebSocket | null = null;
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

  /** Returns false when the socket is not live; the caller then keeps the frame. */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The portal has welcomed this client: it is live from here on. */
  welcomed(): void {
    this.#attempt = 0;
    this.state = 'live';
    this.since = null;
  }

  #open(): void {
    clearTimeout(this.#retry);
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}${apiBase}/live`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#heard();
      this.#heartbeat = setInterval(this.#beat, 1_000);
      this.#handlers.open();
    };
    socket.onmessage = (event) => {
      this.#heard();
      const frame = JSON.parse(event.data as string) as ServerFrame;
      if (frame.type !== 'pong') this.#handlers.frame(frame);
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#closed(event.code);
    };
  }

  #closed(code: number): void {
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

  #lost(): void {
    this.since ??= Date.now();
    this.state = navigator.onLine && this.#attempt < 3 ? 'reconnecting' : 'offline';
  }

  #drop(): void {
    clearInterval(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #heard(): void {
    this.#lastHeard = Date.now();
    this.#awaitsPong = 0;
  }

  /** A half-open socket looks fine until something is expected of it. */
  #beat = (): void => {
    const now = Date.now();
    if (this.#awaitsPong && now - this.#awaitsPong > patienceMilliseconds)
      return this.#closed(1006);
    if (!this.#awaitsPong && now - this.#lastHeard > heartbeatMilliseconds) {
      this.#awaitsPong = now;
      this.send({ type: 'ping' });
    }
  };

  #wake = (): void => {
    if (!this.#running || document.visibilityState === 'hidden') return;
    if (this.#socket === null) {
      this.#attempt = 0;
      this.#open();
    } else if (this.#socket.readyState === WebSocket.OPEN && !this.#awaitsPong) {
      this.#awaitsPong = Date.now();
      this.send({ type: 'ping' });
    }
  };

  #sleep = (): void => {
    if (this.#socket) this.#closed(1006);
    else this.#lost();
  };
}
