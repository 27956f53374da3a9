/** Calendar days by name ("2026-11-21"): nobody's zone, so no change of the clock moves them. */

const milliseconds = 86_400_000;
const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
const named = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
export type View = 'month' | 'week' | 'agenda';
export const views: readonly View[] = ['month', 'week', 'agenda'];

/** How far the agenda looks ahead. */
export const agendaDays = 31;

export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at(text)) && named(at(text)) === text;

export const plusDays = (day: string, count: number): string =>
  named(at(day) + count * milliseconds);

export const daysBetween = (one: string, other: string): number =>
  Math.round((at(other) - at(one)) / milliseconds);

/** The same day of another month, or the last one it has. */
export function plusMonths(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return named(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

export const weekdayOf = (day: string): Weekday =>
  (((new Date(at(day)).getUTCDay() + 6) % 7) + 1) as Weekday;

/** On which day a week begins where this language is spoken. */
export function firstWeekday(locale: string): Weekday {
  const spoken = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (spoken.getWeekInfo?.() ?? spoken.weekInfo ?? { firstDay: 7 }).firstDay as Weekday;
}

export const weekOf = (day: string, first: Weekday): string[] => {
  const start = plusDays(day, -((weekdayOf(day) - first + 7) % 7));
  return Array.from({ length: 7 }, (_, index) => plusDays(start, index));
};

/** The weeks that a month touches, from its first day's to its last day's. */
export function weeksOf(day: string, first: Weekday): string[][] {
  const begin = `${day.slice(0, 8)}01`;
  const end = plusDays(plusMonths(begin, 1), -1);
  const weeks: string[][] = [];
  for (
    let week = weekOf(begin, first);
    (week[0] ?? '') <= end;
    week = weekOf(plusDays(week[6] ?? end, 1), first)
  ) {
    weeks.push(week);
  }
  return weeks;
}

/** The days that a view shows. */
export function daysShown(view: View, day: string, first: Weekday): string[] {
  if (view === 'agenda') {
    return Array.from({ length: agendaDays }, (_, index) => plusDays(day, index));
  }
  return view === 'week' ? weekOf(day, first) : weeksOf(day, first).flat();
}

/** What a view shows next, or before. */
export function turned(view: View, day: string, by: 1 | -1): string {
  if (view === 'month') return plusMonths(day, by);
  return plusDays(day, by * (view === 'week' ? 7 : agendaDays));
}

/** Where a key leads in a grid of days; null for a key that leads nowhere. */
export function dayByKey(
  key: string,
  day: string,
  first: Weekday,
  leftwards: boolean,
): string | null {
  const week = weekOf(day, first);
  const forwards = leftwards ? 'ArrowLeft' : 'ArrowRight';
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return plusDays(day, key === forwards ? 1 : -1);
    case 'ArrowUp':
      return plusDays(day, -7);
    case 'ArrowDown':
      return plusDays(day, 7);
    case 'Home':
      return week[0] ?? null;
    case 'End':
      return week[6] ?? null;
    case 'PageUp':
      return plusMonths(day, -1);
    case 'PageDown':
      return plusMonths(day, 1);
  }
  return null;
}
