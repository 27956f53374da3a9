/** What is changed of an event: one of its dates, this date and those that follow, or what is said of all. */
import type {
  DateChange,
  EventChange,
  FollowingChange,
  Occurrence,
  PlannedEvent,
} from '#lib/api/types.ts';
import { once, repeatsIn, ruleOf, type Repeats } from './repeats.ts';

export type Scope = 'date' | 'following' | 'all';

export interface EventEdit {
  scope: Scope;
  title: string;
  about: string;
  area: string;
  seats: number | null;
  certificate: boolean;
  day: string;
  time: string;
  minutes: number;
  /** None: the rule stays as it is. */
  repeats: Repeats | null;
}

export const scopesOf = (event: PlannedEvent): Scope[] =>
  event.rule ? ['date', 'following', 'all'] : ['date', 'all'];

/** @param following how many dates there are from this one on */
export function editOf(event: PlannedEvent, date: Occurrence, following: number): EventEdit {
  const day = date.local_start.slice(0, 10);
  const repeats = repeatsIn(event.rule, event.local_start.slice(0, 10));
  return {
    scope: 'date',
    title: event.title,
    about: event.about,
    area: event.area,
    seats: date.seats,
    certificate: event.certificate,
    day,
    time: date.local_start.slice(11, 16),
    minutes: date.minutes,
    repeats: repeats && { ...once, ...repeats, count: repeats.count && following },
  };
}

/** What a date and its event say; who comes is not in it. */
export const saidOf = (event: PlannedEvent, date: Occurrence): string =>
  JSON.stringify([
    [event.title, event.about, event.area, event.rule],
    [date.local_start, date.minutes, date.seats, date.state],
  ]);

const start = ({ day, time }: EventEdit) => `${day}T${time}`;

export const dateChange = (edit: EventEdit): DateChange => ({
  local_start: start(edit),
  minutes: edit.minutes,
  seats: edit.seats,
});

export const eventChange = (edit: EventEdit): EventChange => ({
  title: edit.title.trim(),
  about: edit.about.trim(),
  area: edit.area,
  seats: edit.seats,
  certificate: edit.certificate,
});

export const followingChange = (edit: EventEdit): FollowingChange => ({
  ...eventChange(edit),
  local_start: start(edit),
  minutes: edit.minutes,
  ...(edit.repeats && { rule: ruleOf(edit.repeats, edit.day) }),
});
