/** The words of the app: a lazy catalogue per language and area, keys typed from English. */
import format, { type CompiledMessage, type FormatOptions } from 'icu-minify/format';
import type { Area, Key } from './areas.ts';

export type { Key };
export type Locale = 'en' | 'es';
export type Values = Record<string, string | number | boolean | Date>;
type Words = Record<string, CompiledMessage>;

export const locales: readonly Locale[] = ['en', 'es'];
const catalogues = import.meta.glob<Words>('./{en,es}/*.json', { import: 'default' });
const remembered = 'concord.locale';

/** How a locale writes and counts the numbers in a sentence. */
function formattersOf(locale: Locale): FormatOptions['formatters'] {
  const [numbers, plurals] = [new Intl.NumberFormat(locale), new Intl.PluralRules(locale)];
  return {
    getNumberFormat: () => numbers,
    getPluralRules: () => plurals,
    getDateTimeFormat: (...wanted) => new Intl.DateTimeFormat(...wanted),
  };
}

class Speech {
  locale = $state<Locale>('en');
  #words = $state.raw<Words>({});
  #formatters = formattersOf(this.locale);
  #wanted: Locale = 'en';
  #areas = new Set<Area>(['common']);
  #learned = new Set<Area>();

  /** Speaks a locale from now on: what was learned, and what will be. */
  async speak(locale: Locale): Promise<void> {
    if (locale === this.#wanted && locale === this.locale && this.#learned.size) return;
    this.#wanted = locale;
    await this.#load();
    // Another language was asked for meanwhile.
    if (locale !== this.#wanted) return;
    localStorage.setItem(remembered, locale);
    document.documentElement.lang = locale;
    document.documentElement.dir = 'ltr';
  }

  /** Loads the words of these areas; whoever shows them waits for it. */
  async learn(areas: Area[]): Promise<void> {
    for (const area of areas) this.#areas.add(area);
    if (areas.some((area) => !this.#learned.has(area))) await this.#load();
  }

  async #load(): Promise<void> {
    const locale = this.#wanted;
    const areas = [...this.#areas];
    const words = await Promise.all(
      areas.map((area) => catalogues[`./${locale}/${area}.json`]?.()),
    );
    // Another language or more areas were asked for meanwhile.
    if (locale !== this.#wanted || areas.length !== this.#areas.size) return this.#load();
    this.#formatters = formattersOf(locale);
    this.#words = Object.assign({}, ...words);
    this.#learned = new Set(areas);
    this.locale = locale;
  }

  say(key: Key, values?: Values): string {
    const text = this.#words[key];
    if (text === undefined) return key;
    return String(format(text, this.locale, values, { formatters: this.#formatters }));
  }

  has(key: string): key is Key {
    return key in this.#words;
  }
}

export const speech = new Speech();

/** The text of a key in the current locale. */
export function t(key: Key, values?: Values): string {
  return speech.say(key, values);
}

/** The text for a value of a closed set, e.g. `word('tier', 'member')`; the value itself if unknown. */
export function word(family: string, value: string, values?: Values): string {
  const key = `${family}.${value}`;
  return speech.has(key) ? speech.say(key, values) : value.replaceAll('_', ' ');
}

/** Whether there are words for it. */
export const hasWord = (family: string, value: string): boolean =>
  speech.has(`${family}.${value}`);

/** A part of a screen that comes later, with the words it says. */
export async function withWords<Part>(part: Promise<Part>, ...areas: Area[]): Promise<Part> {
  const [loaded] = await Promise.all([part, speech.learn(areas)]);
  return loaded;
}

export function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale);
}

/** What to speak before anybody has signed in: the last choice here, else the browser's. */
export function firstLocale(): Locale {
  const candidates = [localStorage.getItem(remembered), ...navigator.languages];
  for (const candidate of candidates) {
    const language = candidate?.slice(0, 2);
    if (isLocale(language)) return language;
  }
  return 'en';
}
