/** A posted need or offer being changed: kept on the device until it is saved. */
import { isNeed, type Listing } from './describe.ts';
import type { DetailsDraft, IntakeHours } from './draft.ts';

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
    intake_hours: isNeed(listing)
      ? []
      : (listing.intake_hours.map((hours) => ({ ...hours })) as IntakeHours[]),
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
