/** A request in words: its title, its facts in a line, its details, its clock. */
import type { CoordinationRequest, DetailValue } from '#lib/api/types.ts';
import { clock } from '#lib/words/clock.svelte.ts';
import {
  day,
  dayAndTime,
  dayKey,
  hourOfDay,
  languageName,
  list,
  timeOfDay,
} from '#lib/words/format.svelte.ts';
import { t, word } from '#lib/words/words.svelte.ts';

type Details = CoordinationRequest['details'];

const evening = 18;
const summaryLength = 110;
const minute = 60_000;

function text(value: DetailValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function count(value: DetailValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** "tonight", "tomorrow", "Saturday, November 28" */
function whenWords(at: string): string {
  const tonight = dayKey(at) === dayKey(clock.now) && hourOfDay(at) >= evening;
  return tonight ? t('request.tonight') : day(at);
}

/** "Emergency shelter, tonight" */
export function titleOf(request: CoordinationRequest): string {
  const kind = word('requestKind', request.kind);
  if (request.kind === 'information_request') {
    return t('request.question', { topic: word('topic', text(request.details['topic'])) });
  }
  const at = text(request.details['starts_at']);
  return at ? t('request.titled', { kind, about: whenWords(at) }) : kind;
}

const joined = (...parts: string[]) => parts.filter(Boolean).join(', ');

function peopleWords(details: Details): string {
  const adults = count(details['adults']);
  const children = count(details['children']);
  return joined(
    adults ? t('request.adults', { count: adults }) : '',
    children ? t('request.children', { count: children }) : '',
  );
}

function languageWords(details: Details): string {
  const several = details['languages'];
  const codes = Array.isArray(several) ? several : [text(details['language'])];
  return list(codes.filter(Boolean).map(languageName));
}

const nights = (details: Details) => t('request.nights', { count: count(details['nights']) });

function duration(details: Details): string {
  const minutes = count(details['duration_minutes']);
  return t('request.duration', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

function shortened(said: string): string {
  const letters = [...said];
  return letters.length > summaryLength
    ? `${letters
        .slice(0, summaryLength - 1)
        .join('')
        .trimEnd()}…`
    : said;
}

/** What a row shows under the title. */
export function factsOf({ kind, details }: CoordinationRequest): string[] {
  switch (kind) {
    case 'emergency_shelter':
      return [
        peopleWords(details),
        nights(details),
        languageWords(details),
        text(details['area']),
      ];
    case 'interpreter_now':
      return [
        languageWords(details),
        timeOfDay(text(details['starts_at'])),
        duration(details),
        word('mode', text(details['mode'])),
        text(details['area']),
      ];
    case 'information_request':
      return [shortened(text(details['question']))];
  }
}

export interface Detail {
  label: string;
  value: string;
  /** A text to read rather than a fact. */
  long?: boolean;
}

/** All details with their labels, in the order one asks for them. */
export function detailsOf({
  kind,
  details,
}: Pick<CoordinationRequest, 'kind' | 'details'>): Detail[] {
  const said = (name: string, value: string, long = false): Detail => ({
    label: word('detail', name),
    value,
    long,
  });
  const startsAt = () => dayAndTime(text(details['starts_at']));
  const rows: Record<CoordinationRequest['kind'], () => Detail[]> = {
    emergency_shelter: () => [
      said('people', peopleWords(details)),
      said('starts_at', joined(startsAt(), nights(details))),
      said('languages', languageWords(details)),
      said('area', text(details['area'])),
    ],
    interpreter_now: () => [
      said('language', languageWords(details)),
      said(
        'starts_at',
        t('request.startsFor', { at: startsAt(), duration: duration(details) }),
      ),
      said('mode', word('mode', text(details['mode']))),
      said('purpose', word('purpose', text(details['purpose']))),
      said(
        'gender_preference',
        details['gender_preference'] === 'none'
          ? ''
          : word('genderPreference', text(details['gender_preference'])),
      ),
      said('area', text(details['area'])),
    ],
    information_request: () => [
      said('topic', word('topic', text(details['topic']))),
      said('question', text(details['question']), true),
    ],
  };
  return rows[kind]().filter((row) => row.value);
}

/** A clock without alarm: "18 min left", "by tomorrow, 9:00 AM", "the time to answer is over". */
export function timeLeft(until: string): string {
  const left = new Date(until).getTime() - clock.now;
  if (left <= 0) return t('request.timeOver');
  if (left < 90 * minute)
    return t('request.left', { minutes: Math.max(1, Math.round(left / minute)) });
  return t('request.by', { when: dayAndTime(until) });
}

const living = ['open', 'filled', 'in_progress'];

export function isLiving(request: CoordinationRequest): boolean {
  return living.includes(request.state);
}

/** What stands at the end of a row: the clock while it waits, else the state. */
export function asideOf(request: CoordinationRequest): string {
  if (request.state === 'open') return timeLeft(request.answer_by);
  return word('requestState', request.state);
}
