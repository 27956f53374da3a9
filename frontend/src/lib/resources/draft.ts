/** A need or an offer being written: kept on the device until it is posted. */
import { newId } from '#lib/api/ids.ts';
import type { Id, NeedForm, OfferForm } from '#lib/api/types.ts';
import type { Side } from './api.ts';

export type IntakeHours = NonNullable<OfferForm['intake_hours']>[number];

/** For whom it is, in what languages, until when, and when people are taken in. */
export interface DetailsDraft {
  populations: string[];
  languages: string[];
  barriers: string[];
  until: string;
  note: string;
  /** Of an offer alone. */
  intake_hours: IntakeHours[];
}

/** Of a need how urgent it is, of an offer what it costs. */
export interface Terms {
  urgency?: string;
  cost?: string;
}

export interface ListingDraft extends DetailsDraft {
  side: Side;
  category: NeedForm['category'] | '';
  unit: NonNullable<NeedForm['unit']> | '';
  quantity: number | null;
  urgency: NeedForm['urgency'];
  cost: NonNullable<OfferForm['cost']>;
  area: string;
  exercise: boolean;
  everyone: boolean;
  organizations: Id[];
  groups: Id[];
  /** Sent again with the same key it is still one listing; anew with every change. */
  key: Id;
}

export function emptyDraft(side: Side, areas: string[]): ListingDraft {
  return {
    side,
    category: '',
    unit: '',
    quantity: 1,
    urgency: 'soon',
    cost: 'free',
    area: areas.length === 1 ? (areas[0] ?? '') : '',
    populations: [],
    languages: [],
    barriers: [],
    until: '',
    note: '',
    intake_hours: [],
    exercise: false,
    everyone: true,
    organizations: [],
    groups: [],
    key: newId(),
  };
}

function shared(draft: ListingDraft, actingFor: Id) {
  const toWhom = draft.everyone
    ? { everyone: true }
    : {
        everyone: false,
        organizations: draft.organizations,
        working_groups: draft.groups,
      };
  return {
    acting_for: actingFor,
    category: draft.category as NeedForm['category'],
    ...(draft.unit && { unit: draft.unit }),
    area: draft.area,
    populations: draft.populations as NonNullable<NeedForm['populations']>,
    languages: draft.languages,
    barriers: draft.barriers as NonNullable<NeedForm['barriers']>,
    ...(draft.until && { valid_until: draft.until }),
    note: draft.note,
    exercise: draft.exercise,
    ...toWhom,
  };
}

export const needForm = (draft: ListingDraft, actingFor: Id): NeedForm => ({
  ...shared(draft, actingFor),
  urgency: draft.urgency,
  quantity: draft.quantity ?? 0,
});

export const offerForm = (draft: ListingDraft, actingFor: Id): OfferForm => ({
  ...shared(draft, actingFor),
  cost: draft.cost,
  intake_hours: draft.intake_hours,
  maximum: draft.quantity ?? 0,
});
