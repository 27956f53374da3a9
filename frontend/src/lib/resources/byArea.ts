/** How much is needed or to be had in each area. */
import { amount, areaOf, isNeed, stillNeeded, type Listing } from './describe.ts';

export interface AreaSum {
  code: string;
  name: string;
  number: number;
  /** "6 bed-nights", one for each unit. */
  amounts: string[];
}

const quantityOf = (listing: Listing): number =>
  isNeed(listing) ? stillNeeded(listing) : listing.available;

/** The network's areas, and those others that something is posted for. */
export function byArea(
  listings: readonly Listing[],
  areas: readonly { code: string; name: string }[],
): AreaSum[] {
  const names = new Map(areas.map(({ code, name }) => [code, name]));
  for (const each of listings) if (!names.has(each.area)) names.set(each.area, areaOf(each));
  return [...names].map(([code, name]) => {
    const here = listings.filter((each) => each.area === code);
    const units = [...new Set(here.map((each) => each.unit))].sort();
    return {
      code,
      name,
      number: here.length,
      amounts: units.map((unit) =>
        amount(
          here
            .filter((each) => each.unit === unit)
            .reduce((sum, each) => sum + quantityOf(each), 0),
          unit,
        ),
      ),
    };
  });
}
