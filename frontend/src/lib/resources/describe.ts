/** A need or an offer in words: its facts in a line, its details. */
import { session } from '#lib/api/session.svelte.ts';
import type { Need, Offer } from '#lib/api/types.ts';
import { dayAndTime, languageName, list } from '#lib/words/format.svelte.ts';
import { t, word } from '#lib/words/words.svelte.ts';

export type Listing = Need | Offer;

export const isNeed = (listing: Listing): listing is Need => 'quantity_met' in listing;

export const titleOf = (listing: Listing): string => word('category', listing.category);

export const areaOf = (listing: Listing): string =>
  session.areaName(listing.area, listing.area_name);

/** "3 bed-nights" */
export const amount = (count: number, unit: string): string => word('unit', unit, { count });

export const stillNeeded = (need: Need): number => need.quantity - need.quantity_met;

export const pledgeReason = (step: 'decline' | 'fail', reason: string): string =>
  step === 'decline' ? word('noReason', reason) : word('failReason', reason);

const joined = (values: string[], say: (value: string) => string) => list(values.map(say));
const populations = (values: string[]) => joined(values, (each) => word('population', each));

/** What a row shows under the title. */
export function factsOf(listing: Listing): string[] {
  return [
    areaOf(listing),
    populations(listing.populations),
    list(listing.languages.map(languageName)),
    t('resource.until', { when: dayAndTime(listing.valid_until) }),
  ].filter(Boolean);
}

export function detailsOf(listing: Listing): { label: string; value: string }[] {
  const need = isNeed(listing);
  return [
    {
      label: t('resource.quantity'),
      value: need ? amount(listing.quantity, listing.unit) : '',
    },
    { label: t('resource.urgency'), value: need ? word('urgency', listing.urgency) : '' },
    { label: t('resource.cost'), value: need ? '' : word('cost', listing.cost) },
    { label: t('resource.area'), value: areaOf(listing) },
    {
      label: t('resource.time'),
      value: t('resource.fromUntil', {
        from: dayAndTime(listing.valid_from),
        until: dayAndTime(listing.valid_until),
      }),
    },
    { label: t('resource.intake'), value: need ? '' : intakeOf(listing) },
    { label: t('resource.populations'), value: populations(listing.populations) },
    { label: t('resource.languages'), value: list(listing.languages.map(languageName)) },
    {
      label: need ? t('resource.barriersOfNeed') : t('resource.barriersOfOffer'),
      value: joined(listing.barriers, (each) => word('barrier', each)),
    },
  ].filter((row) => row.value);
}

function intakeOf(offer: Offer): string {
  return list(
    offer.intake_hours.map((hours) =>
      t('resource.intakeHours', {
        days: joined(hours.days, (each) => word('weekday', each)),
        opens: hours.opens,
        closes: hours.closes,
      }),
    ),
  );
}
