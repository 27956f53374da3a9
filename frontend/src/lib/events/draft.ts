/** An event being written: kept on the device until it is posted. */
import { newId } from '#lib/api/ids.ts';
import {
  trainings,
  type EventForm,
  type EventKind,
  type Id,
  type WhereaboutsForm,
} from '#lib/api/types.ts';
import { once, ruleOf, type Repeats } from './repeats.ts';

export type ShownTo = WhereaboutsForm['shown_to'];
export const kindsOfWhereabouts: readonly WhereaboutsForm['what'][] = ['directions', 'online'];
export const whoSeesWhereabouts = ['registered', 'invited'] as const;

export interface EventDraft {
  kind: EventKind | '';
  title: string;
  about: string;
  day: string;
  time: string;
  minutes: number;
  zone: string;
  repeats: Repeats;
  area: string;
  directions: string;
  directionsTo: ShownTo;
  link: string;
  linkTo: ShownTo;
  seats: number | null;
  certificate: boolean;
  exercise: boolean;
  everyone: boolean;
  organizations: Id[];
  groups: Id[];
  /** Sent again with the same key it is still one event; anew with every change. */
  key: Id;
}

export const emptyDraft = (zone: string, day: string, areas: string[]): EventDraft => ({
  kind: '',
  title: '',
  about: '',
  day,
  time: '09:00',
  minutes: 60,
  zone,
  repeats: { ...once },
  area: areas.length === 1 ? (areas[0] ?? '') : '',
  directions: '',
  directionsTo: 'registered',
  link: '',
  linkTo: 'registered',
  seats: null,
  certificate: false,
  exercise: false,
  everyone: true,
  organizations: [],
  groups: [],
  key: newId(),
});

export const durations: readonly number[] = [30, 45, 60, 90, 120, 180, 240, 360, 480];

/** What may be said to all, to organizations by name, or in groups alone. */
export const reach = (kind: string): 'everyone' | 'organizations' | 'groups' => {
  if (kind === 'staff_debrief') return 'groups';
  return kind === 'operation_briefing' ? 'organizations' : 'everyone';
};

/** Certificates are of trainings that really take place. */
export const certifies = (kind: string, exercise: boolean): boolean =>
  !exercise && (trainings as readonly string[]).includes(kind);

export function whereaboutsIn(draft: EventDraft): WhereaboutsForm[] {
  const { directions, directionsTo, link, linkTo } = draft;
  return [
    { what: 'directions', text: directions.trim(), shown_to: directionsTo } as const,
    { what: 'online', text: link.trim(), shown_to: linkTo } as const,
  ].filter((each) => each.text !== '');
}

export function eventForm(draft: EventDraft, actingFor: Id): EventForm {
  const everyone = draft.everyone && reach(draft.kind) === 'everyone';
  return {
    acting_for: actingFor,
    kind: draft.kind as EventKind,
    title: draft.title.trim(),
    about: draft.about.trim(),
    zone: draft.zone,
    local_start: `${draft.day}T${draft.time}`,
    minutes: draft.minutes,
    rule: ruleOf(draft.repeats, draft.day),
    area: draft.area,
    seats: draft.seats,
    certificate: draft.certificate && certifies(draft.kind, draft.exercise),
    exercise: draft.exercise,
    whereabouts: whereaboutsIn(draft),
    everyone,
    organizations: everyone ? [] : draft.organizations,
    working_groups: everyone ? [] : draft.groups,
  };
}
