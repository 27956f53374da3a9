/** Two ways to the live endpoint: a websocket and, where networks block those, a stream of events. */
import { apiBase } from '#lib/api/http.ts';
import { closeCodes, type ClientFrame, type ServerFrame } from './protocol.ts';

export interface Listener {
  open: () => void;
  /** Something came, be it only a sign of life. */
  heard: () => void;
  frame: (frame: ServerFrame) => void;
  closed: (code: number) => void;
}

export interface Transport {
  readonly kind: 'socket' | 'stream';
  readonly isOpen: boolean;
  /** Returns false when this frame cannot go this way now. */
  send: (frame: ClientFrame) => boolean;
  close: () => void;
}

const lost = 1006;

export class SocketTransport implements Transport {
  readonly kind = 'socket';
  #socket: WebSocket;

  constructor(listener: Listener) {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}${apiBase}/live`);
    this.#socket = socket;
    socket.onopen = () => {
      listener.heard();
      listener.open();
    };
    socket.onmessage = (event) => {
      listener.heard();
      listener.frame(JSON.parse(event.data as string) as ServerFrame);
    };
    socket.onclose = (event) => listener.closed(event.code);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(frame: ClientFrame): boolean {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  close(): void {
    this.#socket.close();
  }
}

/** Listens only: `hello` opens the stream, everything else is said over REST. */
export class StreamTransport implements Transport {
  readonly kind = 'stream';
  readonly isOpen = true;
  #listener: Listener;
  #request: AbortController | null = null;

  constructor(listener: Listener) {
    this.#listener = listener;
    queueMicrotask(() => listener.open());
  }

  send(frame: ClientFrame): boolean {
    if (frame.type !== 'hello') return false;
    this.close();
    this.#request = new AbortController();
    void this.#listen(frame, this.#request.signal);
    return true;
  }

  close(): void {
    this.#request?.abort();
    this.#request = null;
  }

  async #listen(hello: ClientFrame, signal: AbortSignal): Promise<void> {
    let code: number = lost;
    try {
      const answer = await fetch(`${apiBase}/live`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
        body: JSON.stringify(hello),
        cache: 'no-store',
        signal,
      });
      if (answer.ok && answer.body) code = await this.#read(answer.body);
      else code = refusals[answer.status] ?? lost;
    } catch {
      // cut off, or aborted by ourselves
    }
    if (!signal.aborted) this.#listener.closed(code);
  }

  /** Reads to the end; returns the code it was closed with. */
  async #read(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<number> {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const events = new Events();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return lost;
      this.#listener.heard();
      for (const { name, data } of events.take(value)) {
        if (name === 'close') return Number(data);
        this.#listener.frame(JSON.parse(data) as ServerFrame);
      }
    }
  }
}

const refusals: Record<number, number> = {
  401: closeCodes.sessionEnded,
  403: closeCodes.forbidden,
};

/** Cuts the text of an event stream, which comes in pieces, into events. */
export class Events {
  #rest = '';

  take(text: string): { name: string; data: string }[] {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map((block) => {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      return { name: field('event') ?? 'message', data: field('data') ?? '' };
    });
  }
}
