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
  #lastAt = new SvelteMap<Id, string>();
  #timers = new Map<Id, ReturnType<typeof setTimeout>>();

  constructor() {
    // A mark that was told to a dead line, or could not be told at all, is told to the next.
    live.onWelcome.add(() => {
      for (const [channel, position] of this.#seen)
        if (live.get('channel', channel) && position > this.#marked(channel))
          this.#tell(channel);
    });
    live.onForget.add(() => this.#clear());
    live.onMessage.add((message) => {
      const { channel, position, posted_at } = message;
      if (position > (this.#last.get(channel) ?? 0)) {
        this.#last.set(channel, position);
        this.#lastAt.set(channel, posted_at);
      }
      // One's own post moves one's mark; the portal does the same.
      if (message.author.id === session.person?.id) this.#raise(channel, position);
    });
  }

  readPosition(channel: Id): number {
    return Math.max(this.#marked(channel), this.#seen.get(channel) ?? 0);
  }

  /** A channel's own version does not move when something is said: what is mine about it tells, too. */
  lastPosition(channel: Channel): number {
    return Math.max(
      channel.last_position,
      this.#told(channel.id),
      this.#last.get(channel.id) ?? 0,
    );
  }

  /** When something was last said in it; empty where nothing was. */
  lastAt(channel: Channel): string {
    const [told, heard] = [channel.last_at ?? '', this.#lastAt.get(channel.id) ?? ''];
    return told > heard ? told : heard;
  }

  unread(channel: Channel): number {
    if (!live.mine('channel', channel.id)) return 0;
    return Math.max(0, this.lastPosition(channel) - this.readPosition(channel.id));
  }

  /** How many of the unread mention me: what the portal counted, and what came or was read since. */
  mentions(channel: Channel): number {
    const mine = live.mine('channel', channel.id);
    const read = this.readPosition(channel.id);
    if (!mine || read >= this.lastPosition(channel)) return 0;
    const known = this.#mentioned.get(channel.id) ?? [];
    const told = this.#told(channel.id);
    const readSince = known.filter(
      (at) => at > mine.read_position && at <= Math.min(read, told),
    );
    const cameSince = known.filter((at) => at > Math.max(read, told));
    return Math.max(0, mine.unread_mentions - readSince.length) + cameSince.length;
  }

  /** A mute channel still counts; it does not call. */
  muted(channel: Id): boolean {
    return this.#mark(channel)?.muted ?? live.mine('channel', channel)?.muted ?? false;
  }

  /** How many call: all that is unread, of a mute channel what mentions me, of an archived one nothing. */
  calls(channel: Channel): number {
    if (channel.archived) return 0;
    return this.muted(channel.id) ? this.mentions(channel) : this.unread(channel);
  }

  get total(): number {
    return live.list('channel').reduce((sum, channel) => sum + this.calls(channel), 0);
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

  /** Positions of the known messages that mention me, by channel. */
  readonly #mentioned = $derived.by(() => {
    const found = new Map<Id, number[]>();
    const me = session.person?.id;
    for (const { channel, position, mentions, author } of live.list('message')) {
      if (author.id === me || !mentions.some((each) => each.id === me)) continue;
      found.set(channel, [...(found.get(channel) ?? []), position]);
    }
    return found;
  });

  /** How far one has read, as the portal knows it. */
  #marked(channel: Id): number {
    const told = live.mine('channel', channel)?.read_position ?? 0;
    return Math.max(told, this.#mark(channel)?.position ?? 0);
  }

  #mark(channel: Id) {
    return live.list('read_mark').find((mark) => mark.channel === channel);
  }

  /** The channel's last position when the portal last counted for me. */
  #told(channel: Id): number {
    const mine = live.mine('channel', channel);
    return mine ? mine.read_position + mine.unread : 0;
  }

  #clear(): void {
    this.#seen.clear();
    this.#last.clear();
    this.#lastAt.clear();
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
    // Not live: told over REST; should that fail too, the next welcome tells it again.
    void api.put(`/channels/${channel}/read-mark`, { position }).catch(() => undefined);
  }
}

export const readMarks = new ReadMarks();
