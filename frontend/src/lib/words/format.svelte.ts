/** Times, numbers and lists in the person's locale and time zone. */
import { clock } from './clock.svelte.ts';
import { speech } from './words.svelte.ts';

class Zone {
  /** IANA zone of the signed-in person; until known, the device's. */
  name = $state(Intl.DateTimeFormat().resolvedOptions().timeZone);
}
export const zone = new Zone();

const cache = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${speech.locale}|${zone.name}|${JSON.stringify(options)}`;
  let format = cache.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(speech.locale, { timeZone: zone.name, ...options });
    cache.set(key, format);
  }
  return format;
}

/** "2026-11-21": the calendar day of an instant in the person's zone, for comparing. */
export function dayKey(at: string | number | Date): string {
  const parts = Object.fromEntries(
    dateFormat({ year: 'numeric', month: '2-digit', day: '2-digit' })
      .formatToParts(new Date(at))
      .map((part) => [part.type, part.value]),
  );
  return `${parts['year']}-${parts['month']}-${parts['day']}`;
}

/** "20:41" */
export function timeOfDay(at: string | number | Date, timeZone = zone.name): string {
  return dateFormat({ hour: 'numeric', minute: '2-digit', timeZone }).format(new Date(at));
}

const ofDay = (options: Intl.DateTimeFormatOptions) => (day: string) =>
  dateFormat({ ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

/** "Saturday, November 21, 2026" for the calendar day "2026-11-21", which is nobody's zone's. */
export const namedDay = ofDay({
  weekday: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
});

/** "Sat, Nov 21" */
export const shortDay = ofDay({ weekday: 'short', month: 'short', day: 'numeric' });

/** "21" */
export const dayNumber = ofDay({ day: 'numeric' });

/** "Monday" for 1 … "Sunday" for 7; 5 January 1970 was a Monday. */
export function weekdayName(weekday: number, style: 'long' | 'short' = 'long'): string {
  return dateFormat({ weekday: style, timeZone: 'UTC' }).format((weekday + 3) * 86_400_000);
}

/** "Eastern Time": the person's zone in words. */
export function zoneName(): string {
  const parts = dateFormat({ timeZoneName: 'longGeneric' }).formatToParts(clock.now);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone.name;
}

/** "Saturday" */
export function weekday(at: string | number | Date): string {
  return dateFormat({ weekday: 'long' }).format(new Date(at));
}

/** 0 to 23 */
export function hourOfDay(at: string | number | Date): number {
  return Number(dateFormat({ hour: '2-digit', hourCycle: 'h23' }).format(new Date(at)));
}

/** "Saturday, November 21" or, for days around now, "today", "yesterday", "tomorrow". */
export function day(at: string | number | Date): string {
  const distance = daysFromToday(at);
  if (Math.abs(distance) <= 1) {
    return new Intl.RelativeTimeFormat(speech.locale, { numeric: 'auto' }).format(
      distance,
      'day',
    );
  }
  const sameYear = dayKey(at).slice(0, 4) === dayKey(clock.now).slice(0, 4);
  return dateFormat({
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(new Date(at));
}

/** "today, 20:41" or "Tue, Nov 24, 10:00" */
export function dayAndTime(at: string | number | Date): string {
  if (Math.abs(daysFromToday(at)) <= 1) return `${day(at)}, ${timeOfDay(at)}`;
  return dateFormat({
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  }).format(new Date(at));
}

/** "November 21, 2026" */
export function date(at: string | number | Date): string {
  return dateFormat({ year: 'numeric', month: 'long', day: 'numeric' }).format(new Date(at));
}

/** "November 30, 2026" for the day "2026-11-30", which is the network's and nobody's zone. */
export function dateOfDay(day: string): string {
  const named = dateFormat({
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  });
  return named.format(new Date(`${day}T00:00:00Z`));
}

/** "November 2026" for the month "2026-11", which is the network's and nobody's zone. */
export function monthName(month: string): string {
  const named = dateFormat({ year: 'numeric', month: 'long', timeZone: 'UTC' });
  return named.format(new Date(`${month}-01T00:00:00Z`));
}

/** The whole truth for a title or a screen reader, with the zone. */
export function fullTime(at: string | number | Date): string {
  return dateFormat({
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(at));
}

function daysFromToday(at: string | number | Date): number {
  const utc = (key: string) => Date.parse(`${key}T00:00:00Z`);
  return Math.round((utc(dayKey(at)) - utc(dayKey(clock.now))) / 86_400_000);
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "in 18 minutes", "2 hours ago", "now"; moves with the clock. */
export function relative(at: string | number | Date, style: 'long' | 'short' = 'long'): string {
  const seconds = (new Date(at).getTime() - clock.now) / 1000;
  const format = new Intl.RelativeTimeFormat(speech.locale, { numeric: 'auto', style });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, 'second');
}

export function number(value: number): string {
  return new Intl.NumberFormat(speech.locale).format(value);
}

/** "1 hr 30 min" */
export function duration(minutes: number): string {
  const say = (value: number, unit: 'hour' | 'minute') =>
    new Intl.NumberFormat(speech.locale, { style: 'unit', unit }).format(value);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return say(rest, 'minute');
  return rest ? `${say(hours, 'hour')} ${say(rest, 'minute')}` : say(hours, 'hour');
}

/** "Harbor House, Northside Legal Aid and Second Street Clinic" */
export function list(parts: string[]): string {
  return new Intl.ListFormat(speech.locale, { type: 'conjunction' }).format(parts);
}

const languageNames = new Map<string, Intl.DisplayNames>();

function languagesIn(locale: string): Intl.DisplayNames {
  let names = languageNames.get(locale);
  if (!names) {
    names = new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' });
    languageNames.set(locale, names);
  }
  return names;
}

/** "Portuguese" for "pt" or "por"; in English where the locale has no name for it. */
export function languageName(code: string): string {
  try {
    return languagesIn(speech.locale).of(code) ?? languagesIn('en').of(code) ?? code;
  } catch {
    return code;
  }
}
