/** The words of the app: one lazy catalogue per locale, keys typed from English. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Words } from './en.ts';

export type Locale = 'en' | 'es';
export type Key = keyof Words;
export type Values = Record<string, string | number | boolean | Date>;

export const locales: readonly Locale[] = ['en', 'es'];
const catalogues: Record<Locale, () => Promise<{ words: Words }>> = {
  en: () => import('./en.ts'),
  es: () => import('./es.ts'),
};
const remembered = 'concord.locale';

class Speech {
  locale = $state<Locale>('en');
  #words = $state.raw<Words | null>(null);
  #formats = new Map<string, IntlMessageFormat>();

  /** Loads a locale's words and speaks them from then on. */
  async speak(locale: Locale): Promise<void> {
    const { words } = await catalogues[locale]();
    this.#formats.clear();
    this.#words = words;
    this.locale = locale;
    localStorage.setItem(remembered, locale);
    document.documentElement.lang = locale;
    document.documentElement.dir = 'ltr';
  }

  say(key: Key, values?: Values): string {
    const text = this.#words?.[key];
    if (text === undefined) return key;
    if (!values && !/[{'<]/.test(text)) return text;
    let format = this.#formats.get(key);
    if (!format) {
      format = new IntlMessageFormat(text, this.locale, undefined, { ignoreTag: true });
      this.#formats.set(key, format);
    }
    return String(format.format(values));
  }

  has(key: string): key is Key {
    return this.#words !== null && key in this.#words;
  }
}

export const speech = new Speech();

/** The text of a key in the current locale. */
export function t(key: Key, values?: Values): string {
  return speech.say(key, values);
}

/** The text for a value of a closed set, e.g. `word('groupKind', 'housing')`; the value itself if unknown. */
export function word(family: string, value: string, values?: Values): string {
  const key = `${family}.${value}`;
  return speech.has(key) ? speech.say(key, values) : value.replaceAll('_', ' ');
}

/** Whether there are words for it. */
export const hasWord = (family: string, value: string): boolean =>
  speech.has(`${family}.${value}`);

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
