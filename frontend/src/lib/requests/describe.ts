/** A request in words: its title, its facts in a line, its details, its clock. */
import { session } from '#lib/api/session.svelte.ts';
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
import { slotWords } from './slots.ts';

type Details = CoordinationRequest['details'];

const evening = 18;
const summaryLength = 110;
const minute = 60_000;

function text(value: DetailValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: DetailValue | undefined): string[] {
  return Array.isArray(value) ? value : [text(value)].filter(Boolean);
}

function count(value: DetailValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** "tonight", "tomorrow", "Saturday, November 28" */
function whenWords(at: string): string {
  const tonight = dayKey(at) === dayKey(clock.now) && hourOfDay(at) >= evening;
  return tonight ? t('request.tonight') : day(at);
}

/** "Emergency shelter, tonight"; a drill says so first. */
export function titleOf(request: CoordinationRequest): string {
  const title = askedOf(request);
  return request.exercise ? t('exercise.of', { title }) : title;
}

function askedOf(request: CoordinationRequest): string {
  const kind = word('requestKind', request.kind);
  if (request.kind === 'information_request') {
    const topic = word('choice', `topic.${text(request.details['topic'])}`);
    return t('request.question', { topic });
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

const languageWords = (name: string) => (details: Details) =>
  list(texts(details[name]).map(languageName));

/** "no preference" says nothing. */
const choiceWords = (name: string) => (details: Details) =>
  list(
    texts(details[name])
      .filter((choice) => choice !== 'none')
      .map((choice) => word('choice', `${name}.${choice}`)),
  );

const areaWords = (name: string) => (details: Details) => session.areaName(text(details[name]));

function nights(details: Details): string {
  return details['nights'] === undefined
    ? ''
    : t('request.nights', { count: count(details['nights']) });
}

function participants(details: Details): string {
  const number = count(details['participants']);
  return number ? t('request.participants', { count: number }) : '';
}

function duration(details: Details): string {
  const minutes = count(details['duration_minutes']);
  return minutes
    ? t('request.duration', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
    : '';
}

function begins(details: Details): string {
  const at = text(details['starts_at']);
  if (!at) return '';
  const lasts = duration(details);
  return lasts
    ? t('request.startsFor', { at: dayAndTime(at), duration: lasts })
    : joined(dayAndTime(at), nights(details));
}

const hour = (details: Details) =>
  details['duration_minutes'] ? timeOfDay(text(details['starts_at'])) : '';

function due(details: Details): string {
  const at = text(details['due_at']);
  return at ? dayAndTime(at) : '';
}

function dueWords(details: Details): string {
  const at = due(details);
  return at && t('request.dueAt', { at });
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

const choiceNames = [
  ...['services', 'care', 'matter', 'setting', 'incident', 'contained', 'process', 'document'],
  ...['event', 'part', 'help', 'needed'],
  ...['window', 'people_expected', 'minors_possible', 'support'],
];

/** "1 of 2 places taken" */
export const placesWords = ({ places, places_taken }: CoordinationRequest) =>
  t('request.places', { taken: places_taken, places });

/** What a row shows under the title, for every kind in this order: what it does not have is left out. */
export function factsOf({ details, slots }: CoordinationRequest): string[] {
  return [
    ...slots.map(slotWords),
    peopleWords(details),
    nights(details),
    ...choiceNames.map((name) => choiceWords(name)(details)),
    languageWords('languages')(details),
    languageWords('language')(details),
    hour(details),
    duration(details),
    participants(details),
    choiceWords('mode')(details),
    details['to_area']
      ? t('request.fromTo', {
          from: areaWords('area')(details),
          to: areaWords('to_area')(details),
        })
      : areaWords('area')(details),
    dueWords(details),
    ...['subject', 'situation', 'question'].map((name) => shortened(text(details[name]))),
  ].filter(Boolean);
}

export interface Detail {
  label: string;
  value: string;
  /** A text to read rather than a fact. */
  long?: boolean;
}

/** How each detail is said, in the order one asks for them; a name means the same in every kind. */
const sayings: [name: string, say: (details: Details) => string][] = [
  ['topic', choiceWords('topic')],
  ['services', choiceWords('services')],
  ['people', peopleWords],
  ...choiceNames
    .filter((name) => name !== 'services')
    .map((name): [string, (details: Details) => string] => [name, choiceWords(name)]),
  ['language', languageWords('language')],
  ['starts_at', begins],
  ['due_at', due],
  [
    'participants',
    (details) => (details['participants'] ? String(details['participants']) : ''),
  ],
  ['languages', languageWords('languages')],
  ['mode', choiceWords('mode')],
  ['purpose', choiceWords('purpose')],
  ['gender_preference', choiceWords('gender_preference')],
  ['area', areaWords('area')],
  ['to_area', areaWords('to_area')],
];
const readings = ['subject', 'situation', 'question'];

/** All details with their labels. */
export function detailsOf({ details }: Pick<CoordinationRequest, 'details'>): Detail[] {
  return [
    ...sayings.map(([name, say]) => ({ label: word('detail', name), value: say(details) })),
    ...readings.map((name) => ({
      label: word('detail', name),
      value: text(details[name]),
      long: true,
    })),
  ].filter((row) => row.value);
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

/** Whether it is open and has been escalated. */
export function waitsAt(request: CoordinationRequest): boolean {
  return request.state === 'open' && request.escalated_to !== '';
}

/** What stands at the end of a row: the clock while it waits, else the state. */
export function asideOf(request: CoordinationRequest): string {
  if (request.state === 'open') return timeLeft(request.answer_by);
  return word('requestState', request.state);
}
