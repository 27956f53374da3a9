/**
 * The dates that a calendar shows: fetched for its days, then kept current.
 * Call while a component starts.
 */
import { untrack } from 'svelte';
import type { Id, Occurrence } from '#lib/api/types.ts';
import { useListing, type Listing } from '#lib/live/listing.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import { fromWallClock } from '#lib/requests/moment.ts';
import { zone } from '#lib/words/format.svelte.ts';
import type { Chosen } from './chosen.ts';
import { plusDays } from './days.ts';
import { daysOf } from './describe.ts';

export class Dates {
  listing: Listing;
  #days: () => string[];
  #chosen: () => Chosen;
  /** Those of the group that is asked for: what is live does not say to whom it was told. */
  #ofGroup = $state.raw<ReadonlySet<Id> | null>(null);
  #asked = 0;

  constructor(days: () => string[], chosen: () => Chosen) {
    this.#days = days;
    this.#chosen = chosen;
    this.listing = useListing('occurrence', () => ({
      path: '/occurrences',
      query: this.#query,
    }));
    $effect(() => {
      void live.epoch;
      void live.list('event').length;
      const { group } = chosen();
      const query = { ...this.#query, working_group: group };
      this.#asked += 1;
      if (!group) this.#ofGroup = null;
      else if (live.ready) untrack(() => void this.#tellGroup(query));
    });
  }

  get #query() {
    const [first = '', last = ''] = [this.#days()[0], this.#days().at(-1)];
    const { kind, mine } = this.#chosen();
    return {
      from: fromWallClock(`${first}T00:00`, zone.name),
      to: fromWallClock(`${plusDays(last, 1)}T00:00`, zone.name),
      ...(kind && { kind }),
      ...(mine && { mine: 'true' }),
    };
  }

  async #tellGroup(query: Record<string, string>): Promise<void> {
    const question = this.#asked;
    const page = await live.fetch('occurrence', '/occurrences', query).catch(() => null);
    // Another month, or another group, is looked at by now.
    if (question !== this.#asked) return;
    this.#ofGroup = new Set(page?.results.map((each) => each.id));
  }

  /** By day, each in the order in which it begins. */
  get byDay(): ReadonlyMap<string, Occurrence[]> {
    const found = new Map<string, Occurrence[]>(this.#days().map((day) => [day, []]));
    const inOrder = live
      .list('occurrence')
      .filter((each) => this.#fits(each))
      .sort((one, other) => one.starts_at.localeCompare(other.starts_at));
    for (const date of inOrder) for (const day of daysOf(date)) found.get(day)?.push(date);
    return found;
  }

  #fits(date: Occurrence): boolean {
    const { kind, group, mine } = this.#chosen();
    if (kind && date.event_kind !== kind) return false;
    if (group && !this.#ofGroup?.has(date.id)) return false;
    return !mine || Boolean(live.mine('occurrence', date.id)?.registration);
  }
}
