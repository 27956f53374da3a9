/** A posted need or offer being changed: kept on the device until it is saved. */
import type { Offer } from '#lib/api/types.ts';
import { isNeed, type Listing } from './describe.ts';
import type { DetailsDraft, IntakeHours, Terms } from './draft.ts';

export interface ListingEdit extends DetailsDraft, Terms {
  area: string;
  quantity?: number;
}

/** The end of a day is 24:00 in files, midnight in a field. */
const hoursOf = (offer: Offer): IntakeHours[] =>
  offer.intake_hours.map(({ days, opens, closes }) => ({
    days: days as IntakeHours['days'],
    opens,
    closes: closes === '24:00' ? '00:00' : closes,
  }));

export function editOf(listing: Listing): ListingEdit {
  const { area, populations, languages, barriers, note } = listing;
  return {
    area,
    populations: [...populations],
    languages: [...languages],
    barriers: [...barriers],
    until: listing.valid_until,
    note,
    intake_hours: isNeed(listing) ? [] : hoursOf(listing),
    ...(isNeed(listing)
      ? { urgency: listing.urgency, quantity: listing.quantity }
      : { cost: listing.cost }),
  };
}

export const editForm = ({ until, intake_hours, ...edit }: ListingEdit) => ({
  ...edit,
  ...(edit.cost && { intake_hours }),
  ...(until && { valid_until: until }),
});
