/** One channel's messages: a part of them in a row is shown, and what is missing of it fetched. */
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { Id, Message } from '#lib/api/types.ts';
import type { FetchState } from '#lib/live/listing.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import {
  around,
  endOf,
  gap,
  holds,
  mostShown,
  newer,
  older,
  pageSize,
  wholePage,
  type Span,
} from './span.ts';
import { readMarks } from './unread.svelte.ts';

const mostAtOnce = 100;
type Way = 'older' | 'newer';

/** Channels whose stored messages are known to be current, with the epoch at which they became so. */
const current = new Map<Id, number>();

export class Conversation {
  readonly channel: Id;
  state = $state<FetchState>('loading');
  problem = $state.raw<Problem | null>(null);
  /** Which way more is on its way. */
  fetching = $state<Way | null>(null);
  #span = $state.raw<Span | null>(null);
  /** It ends where the channel ends, and grows with it. */
  #follows = $state(true);
  #newest = $state(0);
  #opening: Promise<void> | null = null;

  /** Oldest first, without holes. */
  readonly messages: Message[] = $derived.by(() => {
    const span = this.#span;
    if (!span) return [];
    const to = this.#follows ? Infinity : span.to;
    return live
      .list('message')
      .filter(
        ({ channel, position }) => channel === this.channel && holds({ ...span, to }, position),
      )
      .sort((one, other) => one.position - other.position);
  });

  constructor(channel: Id) {
    this.channel = channel;
    const known = live.get('channel', channel);
    if (!known || current.get(channel) !== live.epoch) return;
    const end = endOf(readMarks.lastPosition(known));
    if (!gap(end, this.#known())) this.show(end);
  }

  /** The position of the newest message there is. */
  get last(): number {
    const channel = live.get('channel', this.channel);
    return Math.max(this.#newest, channel ? readMarks.lastPosition(channel) : 0);
  }

  get hasOlder(): boolean {
    return this.#span !== null && this.#span.from > 1;
  }

  get atEnd(): boolean {
    return this.#follows;
  }

  /** At first the newest ones. Once memberships or the line were others, what is known is asked for anew. */
  open(): Promise<void> {
    this.#opening = this.#attempt(async () => {
      if (current.get(this.channel) !== live.epoch) await this.#refresh();
      else if (!this.#span) this.show(await this.#ensure(endOf(this.last)));
    });
    return this.#opening;
  }

  /** Fetches what the next part needs; null when it shows no more, or cannot be had now. */
  async next(way: Way): Promise<Span | null> {
    const span = this.#span;
    const more = way === 'older' ? this.hasOlder : !this.atEnd;
    if (!span || !more || this.fetching) return null;
    this.fetching = way;
    const next = await this.#reach(
      way === 'older' ? older(this.#extent(span)) : newer(span, this.last),
      way,
    );
    this.fetching = null;
    // Somebody went elsewhere meanwhile.
    if (!next || span !== this.#span) return null;
    return next.from < span.from || next.to > span.to ? next : null;
  }

  /** Fetches what stands around a position, wherever it is. */
  async around(position: number): Promise<Span | null> {
    await this.#opening;
    const span = this.#span;
    if (span && holds(this.#extent(span), position)) return this.#extent(span);
    return this.#reach(around(position, this.last));
  }

  end(): Promise<Span | null> {
    return this.#reach(endOf(this.last));
  }

  show(span: Span): void {
    // What came while the rest was fetched is there already.
    const rest = { from: span.to + 1, to: this.last };
    this.#follows = rest.to - span.to < pageSize && !gap(rest, this.#known());
    this.#span = span;
    this.state = 'ready';
  }

  /** What grew past its bound while one read gives way where one does not read. */
  trim(atEnd: boolean): void {
    const span = this.#span;
    if (!span || this.messages.length <= mostShown + pageSize) return;
    if (atEnd) this.show(endOf(this.last));
    else this.show({ from: span.from, to: span.from + mostShown - 1 });
  }

  #extent(span: Span): Span {
    return this.#follows ? { from: span.from, to: Math.max(span.to, this.last) } : span;
  }

  async #reach(span: Span, way?: Way): Promise<Span | null> {
    let reached: Span | null = null;
    await this.#attempt(async () => {
      reached = await this.#ensure(span, way);
    });
    return reached;
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.problem = null;
    try {
      await act();
    } catch (thrown) {
      this.problem = asProblem(thrown);
      if (this.state === 'loading') this.state = 'failed';
    }
  }

  async #ensure(span: Span, way?: Way): Promise<Span> {
    const missing = gap(span, this.#known());
    if (missing) await this.#fetch(way ? wholePage(missing, way, this.last) : missing);
    return span;
  }

  async #refresh(): Promise<void> {
    const { channel } = this;
    const epoch = live.epoch;
    const page = await live.fetch('message', `/channels/${channel}/messages`, {
      limit: pageSize,
    });
    const positions = page.results.map((message) => message.position);
    this.#newest = Math.max(this.#newest, ...positions);
    const span = this.#span;
    const shown = span ? this.#extent(span) : endOf(this.#newest);
    const missing = gap(shown, new Set(positions));
    if (missing) await this.#fetch(missing);
    // Somebody went elsewhere meanwhile.
    if (span !== this.#span) return this.#refresh();
    const to = shown.to >= this.#newest ? Infinity : shown.to;
    live.loseMessages(
      (message) => message.channel === channel && !holds({ ...shown, to }, message.position),
    );
    current.set(channel, epoch);
    this.show(shown);
  }

  async #fetch({ from, to }: Span): Promise<void> {
    for (let after = from - 1; after < to; after += mostAtOnce) {
      const query = { after, limit: Math.min(mostAtOnce, to - after) };
      await live.fetch('message', `/channels/${this.channel}/messages`, query);
    }
  }

  #known(): Set<number> {
    const known = new Set<number>();
    for (const { channel, position } of live.list('message'))
      if (channel === this.channel) known.add(position);
    return known;
  }
}
