/** A posted need or offer being changed: kept on the device until it is saved. */
import { isNeed, type Listing } from './describe.ts';
import type { DetailsDraft } from './draft.ts';

export interface ListingEdit extends DetailsDraft {
  area: string;
  urgency?: string;
  quantity?: number;
  cost?: string;
}

export function editOf(listing: Listing): ListingEdit {
  const { area, populations, languages, barriers, note } = listing;
  return {
    area,
    populations: [...populations],
    languages: [...languages],
    barriers: [...barriers],
    until: listing.valid_until,
    note,
    ...(isNeed(listing)
      ? { urgency: listing.urgency, quantity: listing.quantity }
      : { cost: listing.cost }),
  };
}

export const editForm = ({ until, ...edit }: ListingEdit) => ({
  ...edit,
  ...(until && { valid_until: until }),
});
