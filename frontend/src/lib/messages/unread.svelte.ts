/** What is unread: arithmetic on positions, with what was seen here counted at once. */
import { SvelteMap } from 'svelte/reactivity';
import { api } from '#lib/api/http.ts';
import { session } from '#lib/api/session.svelte.ts';
import type { Channel, Id } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

const delayMilliseconds = 400;

class ReadMarks {
  #seen = new SvelteMap<Id, number>();
  #last = new SvelteMap<Id, number>();
  #timers = new Map<Id, ReturnType<typeof setTimeout>>();

  constructor() {
    live.onForget.add(() => this.#clear());
    live.onMessage.add((message) => {
      const { channel, position } = message;
      this.#last.set(channel, Math.max(position, this.#last.get(channel) ?? 0));
      // One's own post moves one's mark; the portal does the same.
      if (message.author.id === session.person?.id) this.#raise(channel, position);
    });
  }

  readPosition(channel: Id): number {
    const told = live.mine('channel', channel)?.read_position ?? 0;
    const elsewhere = live.list('read_mark').find((mark) => mark.channel === channel);
    return Math.max(told, elsewhere?.position ?? 0, this.#seen.get(channel) ?? 0);
  }

  lastPosition(channel: Channel): number {
    return Math.max(channel.last_position, this.#last.get(channel.id) ?? 0);
  }

  unread(channel: Channel): number {
    if (!live.mine('channel', channel.id)) return 0;
    return Math.max(0, this.lastPosition(channel) - this.readPosition(channel.id));
  }

  get total(): number {
    return live.list('channel').reduce((sum, channel) => sum + this.unread(channel), 0);
  }

  /** Everything up to this position was on the screen. */
  see(channel: Id, position: number): void {
    if (position <= this.readPosition(channel)) return;
    this.#raise(channel, position);
    clearTimeout(this.#timers.get(channel));
    this.#timers.set(
      channel,
      setTimeout(() => this.#tell(channel), delayMilliseconds),
    );
  }

  #clear(): void {
    this.#seen.clear();
    this.#last.clear();
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
  }

  #raise(channel: Id, position: number): void {
    this.#seen.set(channel, Math.max(position, this.#seen.get(channel) ?? 0));
  }

  #tell(channel: Id): void {
    const position = this.#seen.get(channel);
    if (position === undefined) return;
    if (live.connection.send({ type: 'seen', channel, position })) return;
    // Not live: told over REST; should that fail too, the next sight tells it again.
    void api.put(`/channels/${channel}/read-mark`, { position }).catch(() => undefined);
  }
}

export const readMarks = new ReadMarks();
