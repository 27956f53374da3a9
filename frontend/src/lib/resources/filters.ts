/** The filters of needs and offers, as they stand in the address. */
import type { Need, Offer } from '#lib/api/types.ts';
import { within } from '#lib/areas/codes.ts';

export const filterNames = ['top', 'area', 'language', 'mine'] as const;
export type FilterName = (typeof filterNames)[number];
export type Chosen = Partial<Record<FilterName, string>>;

/** One of the network's areas, or a county within one of them. */
export const isOurArea = (code: string, areas: readonly string[]): boolean =>
  /^[A-Z0-9-]+$/.test(code) && areas.some((area) => within(code, area));

/** Reads an address; what is no value of a filter is left out. */
export function chosenIn(
  parameters: Pick<URLSearchParams, 'get'>,
  values: Record<FilterName, readonly string[]>,
): Chosen {
  const chosen: Chosen = {};
  for (const name of filterNames) {
    const value = parameters.get(name);
    if (!value) continue;
    const known =
      name === 'area' ? isOurArea(value, values.area) : values[name].includes(value);
    if (known) chosen[name] = value;
  }
  return chosen;
}

/** The portal's own rule for `open`, with the filters: the live store knows of more. */
export function fits(
  listing: Need | Offer,
  chosen: Chosen,
  { top, mine, now }: { top: string | undefined; mine: boolean; now: number },
): boolean {
  if (listing.state !== 'open' || Date.parse(listing.valid_until) <= now) return false;
  if (chosen.top && chosen.top !== top) return false;
  if (chosen.area && !within(listing.area, chosen.area)) return false;
  if (chosen.language && !listing.languages.includes(chosen.language)) return false;
  return !chosen.mine || (chosen.mine === 'true') === mine;
}
