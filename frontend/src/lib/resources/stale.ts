import type { Offer } from '#lib/api/types.ts';
import { clock } from '#lib/words/clock.svelte.ts';

/** Whether nobody has said for too long how much is left. */
export const isStale = (offer: Offer): boolean => Date.parse(offer.stale_at) <= clock.now;
