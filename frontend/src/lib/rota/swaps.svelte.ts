/** Proposals to swap shifts: those that wait, and those of mine that were answered. */
import { SvelteSet } from 'svelte/reactivity';
import { session } from '#lib/api/session.svelte.ts';
import type { Id, Shift, Swap } from '#lib/api/types.ts';
import { keep } from '#lib/keep/keep.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import { clock } from '#lib/words/clock.svelte.ts';

const place = (swap: Id) => `swap:${swap}:seen`;
const answers = ['accepted', 'declined', 'lapsed'];

export const isAsked = (swap: Swap) => swap.asked.id === session.person?.id;
export const isAsking = (swap: Swap) => swap.asked_by.id === session.person?.id;
const isAhead = (swap: Swap) => Date.parse(swap.until) > clock.now;
export const waits = (swap: Swap) => swap.state === 'open' && isAhead(swap);

/** The proposal that a shift is in. */
export const swapOf = (shift: Shift): Swap | undefined =>
  live
    .list('swap')
    .find((each) => waits(each) && [each.offered.shift, each.wanted.shift].includes(shift.id));

class Told {
  #seen = new SvelteSet<Id>();

  constructor() {
    live.onForget.add(() => this.#seen.clear());
  }

  /** My proposals that were answered or came to nothing, and that were not looked at on this device. */
  get answers(): Swap[] {
    return live
      .list('swap')
      .filter((each) => isAsking(each) && answers.includes(each.state) && isAhead(each))
      .filter((each) => !this.#seen.has(each.id) && !keep.draft(place(each.id)));
  }

  see(swap: Id): void {
    this.#seen.add(swap);
    keep.keepDraft(place(swap), true);
  }
}

export const told = new Told();
