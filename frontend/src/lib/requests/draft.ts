/** A request being written: kept on the device until it is posted. */
import { newId } from '#lib/api/ids.ts';
import type {
  DetailValue,
  Id,
  RequestForm,
  RequestKind,
  RequestKindSpec,
  RolePlaces,
} from '#lib/api/types.ts';
import { nextQuarter } from './moment.ts';

/** Minutes from posting; '' as usual for the kind, 'at' a time of one's own. */
export type AnswerWithin = '' | '15' | '60' | '240' | '1440' | 'at';
export const withins: AnswerWithin[] = ['', '15', '60', '240', '1440', 'at'];

export interface RequestDraft {
  kind: RequestKind | '';
  details: Record<string, DetailValue>;
  organizations: Id[];
  groups: Id[];
  places: number;
  slots: RolePlaces[];
  pick: boolean;
  exercise: boolean;
  within: AnswerWithin;
  answerAt: string;
  note: string;
  backup: Id | '';
  /** Sent again with the same key it is still one request; anew with every change. */
  key: Id;
  /** The answer time as first sent under this key: a retry must say the same. */
  answerBy: string | null;
  /** The organization it was first sent for under this key. */
  sentFor: Id | null;
}

export function emptyDraft(): RequestDraft {
  return {
    kind: '',
    details: {},
    organizations: [],
    groups: [],
    places: 1,
    slots: [],
    pick: false,
    exercise: false,
    within: '',
    answerAt: '',
    note: '',
    backup: '',
    key: newId(),
    answerBy: null,
    sentFor: null,
  };
}

/** "0 children" and "1 night" are likely; "15 minutes" is only the least there is. */
function firstNumber(minimum: number | null): number | null {
  return minimum !== null && minimum <= 1 ? minimum : null;
}

/** What a kind's fields begin with. */
export function firstDetails(
  spec: RequestKindSpec,
  areas: string[],
  now: number,
): Record<string, DetailValue> {
  const details: Record<string, DetailValue> = {};
  for (const field of spec.fields) {
    if (field.type === 'datetime') details[field.name] = nextQuarter(now);
    else if (field.type === 'choices') details[field.name] = [];
    else if (field.type === 'integer') details[field.name] = firstNumber(field.minimum);
    else if (field.source === 'areas' && areas.length === 1)
      details[field.name] = areas[0] ?? '';
    else if (field.choices?.includes('none')) details[field.name] = 'none';
    else details[field.name] = '';
  }
  return details;
}

/** Minutes as people say them. */
export function roughly(minutes: number): {
  count: number;
  unit: 'minutes' | 'hours' | 'days';
} {
  if (minutes < 60) return { count: minutes, unit: 'minutes' };
  if (minutes <= 48 * 60) return { count: Math.round(minutes / 60), unit: 'hours' };
  return { count: Math.round(minutes / (24 * 60)), unit: 'days' };
}

function answerBy(draft: RequestDraft, now: number): string | null {
  if (draft.within === '') return null;
  if (draft.within === 'at') return draft.answerAt || null;
  return new Date(now + Number(draft.within) * 60_000).toISOString();
}

/** Something changed: sent again it is another request, not a retry. */
export function renew(draft: RequestDraft): void {
  draft.key = newId();
  draft.answerBy = null;
  draft.sentFor = null;
}

/** Settles what a retry must repeat, and returns the form to send. */
export function settle(draft: RequestDraft, actingFor: Id, now: number): RequestForm {
  if (draft.sentFor !== actingFor) {
    renew(draft);
    draft.sentFor = actingFor;
    draft.answerBy = answerBy(draft, now);
  }
  return formOf(draft, actingFor);
}

function formOf(draft: RequestDraft, actingFor: Id): RequestForm {
  return {
    acting_for: actingFor,
    kind: draft.kind as RequestKind,
    details: draft.details,
    note: draft.note,
    places: draft.places,
    slots: draft.slots,
    pick: draft.pick,
    exercise: draft.exercise,
    answer_by: draft.answerBy,
    backup: draft.backup || null,
    organizations: draft.organizations,
    working_groups: draft.groups,
  };
}
