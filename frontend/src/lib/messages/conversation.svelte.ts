/** One channel's messages: the newest first fetched, older ones on demand, the rest comes live. */
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { Id, Message } from '#lib/api/types.ts';
import type { FetchState } from '#lib/live/listing.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';

const pageSize = 50;

interface Reach {
  epoch: number;
  /** From this position on, nothing is missing. */
  floor: number;
  /** Whether there is anything older. */
  older: boolean;
}

const reached = new Map<Id, Reach>();

export class Conversation {
  readonly channel: Id;
  state = $state<FetchState>('loading');
  problem = $state.raw<Problem | null>(null);
  loadingOlder = $state(false);
  #reach = $state.raw<Reach | null>(null);

  constructor(channel: Id) {
    this.channel = channel;
    const before = reached.get(channel);
    if (before && before.epoch >= live.forgottenAt) {
      this.#reach = before;
      this.state = 'ready';
    }
  }

  /** Oldest first, without holes. */
  get messages(): Message[] {
    const floor = this.#reach?.floor ?? Infinity;
    return live
      .list('message')
      .filter((message) => message.channel === this.channel && message.position >= floor)
      .sort((one, other) => one.position - other.position);
  }

  get hasOlder(): boolean {
    return this.#reach?.older ?? false;
  }

  /** Fetches the newest messages, unless what is known is up to date. */
  async open(): Promise<void> {
    if (this.#reach?.epoch === live.epoch) return;
    const epoch = live.epoch;
    this.problem = null;
    try {
      const page = await this.#page({ limit: pageSize });
      const oldest = page.at(-1)?.position ?? 0;
      const known = this.#reach;
      // When the newest page meets what was known, the older part stays shown.
      const meets = known !== null && oldest <= this.#newestBefore(oldest) + 1;
      this.#keep(
        meets ? { ...known, epoch } : { epoch, floor: oldest, older: page.length === pageSize },
      );
      this.state = 'ready';
    } catch (thrown) {
      this.problem = asProblem(thrown);
      if (this.state === 'loading') this.state = 'failed';
    }
  }

  async older(): Promise<void> {
    const reach = this.#reach;
    if (!reach?.older || this.loadingOlder) return;
    this.loadingOlder = true;
    try {
      const page = await this.#page({ before: reach.floor, limit: pageSize });
      const floor = page.at(-1)?.position ?? reach.floor;
      this.#keep({ ...reach, floor, older: page.length === pageSize });
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.loadingOlder = false;
    }
  }

  async #page(query: { before?: number; limit: number }): Promise<Message[]> {
    const page = await live.fetch('message', `/channels/${this.channel}/messages`, query);
    return page.results.toSorted((one, other) => other.position - one.position);
  }

  #newestBefore(position: number): number {
    const older = this.messages.filter((message) => message.position < position);
    return older.at(-1)?.position ?? -Infinity;
  }

  #keep(reach: Reach): void {
    reached.set(this.channel, reach);
    this.#reach = reach;
  }
}
