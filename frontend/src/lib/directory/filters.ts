/** The filters of the directory, as they stand in the address. */
import { organizationKinds, type Offer, type Organization } from '#lib/api/types.ts';
import { chosenIn as chosenOfOffers, type Chosen as OfOffers } from '#lib/resources/filters.ts';

export interface Chosen {
  text: string;
  kind: string;
  /** Something is left of what is offered. */
  free: boolean;
  /** What has to be offered. */
  offered: OfOffers;
}

/** Reads an address; what is no value of a filter is left out. */
export function chosenIn(
  parameters: Pick<URLSearchParams, 'get'>,
  values: Record<'top' | 'area' | 'language', readonly string[]>,
): Chosen {
  const kind = parameters.get('kind') ?? '';
  return {
    text: parameters.get('text') ?? '',
    kind: (organizationKinds as readonly string[]).includes(kind) ? kind : '',
    free: parameters.get('free') === 'true',
    offered: chosenOfOffers(parameters, { ...values, mine: [] }),
  };
}

/** Whether organizations are looked for by what they offer. */
export const byOffers = (chosen: Chosen): boolean =>
  chosen.free || Object.keys(chosen.offered).length > 0;

/** `offers`: those of this organization that fit what has to be offered. */
export function fits(organization: Organization, offers: Offer[], chosen: Chosen): boolean {
  if (organization.status !== 'verified') return false;
  if (chosen.kind && organization.kind !== chosen.kind) return false;
  return !byOffers(chosen) || offers.some((offer) => !chosen.free || offer.available > 0);
}

export function says(organization: Organization, text: string, locale: string): boolean {
  const lower = (words: string) => words.toLocaleLowerCase(locale);
  return lower(`${organization.name} ${organization.description}`).includes(lower(text.trim()));
}
