import { live } from '#lib/live/live.svelte.ts';
import { isMine } from '#lib/requests/own.ts';
import { clock } from '#lib/words/clock.svelte.ts';
import type { Side } from './api.ts';
import { categories } from './categories.svelte.ts';
import type { Listing } from './describe.ts';
import { fits, type Chosen } from './filters.ts';

/** What can be acted on and fits the filters, of all that is known here. */
export const listed = (side: Side, chosen: Chosen): Listing[] =>
  live.list(side).filter((each) =>
    fits(each, chosen, {
      top: categories.topOf(each.category),
      mine: isMine(each.owner.id),
      now: clock.now,
    }),
  );
