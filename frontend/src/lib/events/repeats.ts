/** How an event repeats: chosen in a form, told as a rule of RFC 5545, read from one. Pure. */
import { isDay, plusDays, plusMonths, weekdayOf, type Weekday } from './days.ts';

export type Often = 'never' | 'daily' | 'weekly' | 'monthly_by_place' | 'monthly_by_day';
export const often: readonly Often[] = [
  'never',
  'daily',
  'weekly',
  'monthly_by_place',
  'monthly_by_day',
];

export interface Repeats {
  often: Often;
  /** Every second, every third… */
  every: number;
  /** Of a week. */
  weekdays: Weekday[];
  /** After how many dates it ends, or, where there is none, on which day. */
  count: number | null;
  until: string;
}

export const once: Repeats = { often: 'never', every: 1, weekdays: [], count: 10, until: '' };

const codes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const codeOf = (weekday: Weekday) => codes[weekday - 1] ?? 'MO';

/** Which of its weekday's a day is in its month, 1 to 5. */
export const placeOf = (day: string): number => Math.ceil(Number(day.slice(8)) / 7);

/** Counted from the front, and the last as the last: a fifth Friday is in few months. */
const placed = (day: string): number => (placeOf(day) === 5 ? -1 : placeOf(day));

export function ruleOf(repeats: Repeats, start: string): string {
  if (repeats.often === 'never') return '';
  const end = repeats.until
    ? `UNTIL=${repeats.until.replaceAll('-', '')}T235959`
    : `COUNT=${repeats.count ?? 0}`;
  const every = repeats.every > 1 ? [`INTERVAL=${repeats.every}`] : [];
  return [...which(repeats, start), ...every, end].join(';');
}

function which(repeats: Repeats, start: string): string[] {
  switch (repeats.often) {
    case 'weekly':
      return ['FREQ=WEEKLY', `BYDAY=${weekdaysOf(repeats, start).map(codeOf).join(',')}`];
    case 'monthly_by_place':
      return ['FREQ=MONTHLY', `BYDAY=${placed(start)}${codeOf(weekdayOf(start))}`];
    case 'monthly_by_day':
      return ['FREQ=MONTHLY', `BYMONTHDAY=${Number(start.slice(8))}`];
    default:
      return ['FREQ=DAILY'];
  }
}

/** The day it begins on is one of them. */
export const weekdaysOf = (repeats: Repeats, start: string): Weekday[] =>
  [...new Set([...repeats.weekdays, weekdayOf(start)])].sort((one, other) => one - other);

/** What a rule says, as far as it can be chosen here; null for another. */
export function repeatsIn(rule: string, start: string): Repeats | null {
  if (!rule) return once;
  const parts = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const take = (name: string) => {
    const value = parts.get(name);
    parts.delete(name);
    return value;
  };
  const frequency = take('FREQ');
  const count = take('COUNT');
  const until = take('UNTIL');
  const every = Number(take('INTERVAL') ?? 1);
  const days = take('BYDAY')?.split(',');
  const monthDay = take('BYMONTHDAY');
  if (parts.size) return null;
  const end = { count: count ? Number(count) : null, until: until ? dayIn(until) : '' };
  if (frequency === 'DAILY' && !days && !monthDay) {
    return { often: 'daily', every, weekdays: [], ...end };
  }
  if (frequency === 'WEEKLY' && !monthDay) {
    const weekdays = (days ?? [codeOf(weekdayOf(start))]).map(
      (code) => (codes.indexOf(code as (typeof codes)[number]) + 1) as Weekday,
    );
    return weekdays.every((each) => each > 0)
      ? { often: 'weekly', every, weekdays, ...end }
      : null;
  }
  if (frequency !== 'MONTHLY') return null;
  const same = { every, weekdays: [], ...end };
  if (days?.length === 1 && days[0] === `${placed(start)}${codeOf(weekdayOf(start))}`) {
    return { often: 'monthly_by_place', ...same };
  }
  return !days && (!monthDay || Number(monthDay) === Number(start.slice(8)))
    ? { often: 'monthly_by_day', ...same }
    : null;
}

function dayIn(until: string): string {
  return `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`;
}

/** The first dates, for a form to show; the portal finds them all. */
export function firstDates(repeats: Repeats, start: string, most: number): string[] {
  const found: string[] = [];
  const every = Math.max(1, Math.floor(repeats.every) || 1);
  const limit = repeats.until ? most : Math.min(most, repeats.count ?? 0);
  if (!isDay(start)) return [];
  for (let turn = 0; found.length < limit && turn < 400; turn++) {
    for (const day of datesIn(repeats, start, turn * every)) {
      if (day < start || found.length >= limit) continue;
      if (repeats.until && day > repeats.until) return found;
      found.push(day);
    }
    if (repeats.often === 'never') break;
  }
  return found;
}

/** The dates of one day, week or month: the one that is so many after the first. */
function datesIn(repeats: Repeats, start: string, after: number): string[] {
  switch (repeats.often) {
    case 'never':
    case 'daily':
      return [plusDays(start, after)];
    case 'weekly': {
      const monday = plusDays(start, 1 - weekdayOf(start) + after * 7);
      return weekdaysOf(repeats, start).map((weekday) => plusDays(monday, weekday - 1));
    }
    case 'monthly_by_day': {
      const day = plusMonths(start, after);
      return day.slice(8) === start.slice(8) ? [day] : [];
    }
    case 'monthly_by_place':
      return [
        inMonth(plusMonths(`${start.slice(0, 8)}01`, after), weekdayOf(start), placed(start)),
      ];
  }
}

function inMonth(first: string, weekday: Weekday, place: number): string {
  if (place > 0)
    return plusDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (place - 1) * 7);
  const last = plusDays(plusMonths(first, 1), -1);
  return plusDays(last, -((weekdayOf(last) - weekday + 7) % 7));
}
