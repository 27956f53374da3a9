import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import compile from 'icu-minify/compile';
import { describe, expect, it } from 'vitest';
import { areasOf, type Area } from './areas.ts';

type Words = Record<string, string>;

const source = new URL('../../', import.meta.url).pathname;
const folder = new URL('./', import.meta.url).pathname;

/** The words of a language, area by area. */
function areasIn(language: string): Map<string, Words> {
  const files = readdirSync(join(folder, language)).sort();
  return new Map(
    files.map((file) => [
      file.replace('.json', ''),
      JSON.parse(readFileSync(join(folder, language, file), 'utf8')),
    ]),
  );
}

const areas = areasIn('en');
const english: Words = Object.assign({}, ...areas.values());
const spanish: Words = Object.assign({}, ...areasIn('es').values());

const sourceFiles = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.(svelte|ts)$/.test(name) && !/\.test\.ts$|schema\.gen\.ts$/.test(name),
);
const read = (name: string): string => readFileSync(join(source, name), 'utf8');
const sourceText = (): string => sourceFiles.map(read).join('\n');

/** The keys that stand in a text, and the families of which it says a value. */
const keysIn = (text: string) =>
  new Set([...text.matchAll(/['"]([a-z]\w*(?:\.\w+)+)['"]/g)].map((m) => m[1]));
const familiesIn = (text: string) =>
  new Set([...text.matchAll(/\b(?:word|hasWord)\(\s*'(\w+)'/g)].map((m) => `${m[1]}.`));

function argumentNames(text: string): string[] {
  const names = new Set<string>();
  // Texts stand between arguments: ["name"], or ["name", its type, { choice: what is said then }].
  const walk = (said: unknown): void => {
    for (const part of Array.isArray(said) ? said : []) {
      if (!Array.isArray(part)) continue;
      const [name, , choices] = part;
      names.add(name);
      Object.values(choices ?? {}).forEach(walk);
    }
  };
  walk(compile(text));
  return [...names].sort();
}

describe('the words', () => {
  it('exist in both languages', () => {
    for (const [area, words] of areasIn('es'))
      expect({ area, keys: Object.keys(words).sort() }).toEqual({
        area,
        keys: Object.keys(areas.get(area) ?? {}).sort(),
      });
    expect(areasIn('es').size).toBe(areas.size);
  });

  it('stand in one area each', () => {
    const keys = [...areas.values()].flatMap((words) => Object.keys(words));
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('are said with the same arguments in both languages', () => {
    for (const key of Object.keys(english)) {
      expect({ key, names: argumentNames(spanish[key] ?? '') }).toEqual({
        key,
        names: argumentNames(english[key] ?? ''),
      });
    }
  });

  it('are all used, and every used one exists', () => {
    const text = sourceText();
    const literals = keysIn(text);
    const families = familiesIn(text);
    const unused = Object.keys(english).filter(
      (key) => !literals.has(key) && ![...families].some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
    const asked = [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((m) => m[1] as string);
    expect(asked.filter((key) => !(key in english))).toEqual([]);
  });

  it('exist for every code of a problem the portal can answer with', () => {
    const document = JSON.parse(readFileSync(join(source, '../openapi.json'), 'utf8'));
    const { code, errors } = document.components.schemas.Problem.properties;
    const wanted = [
      ...code.enum.map((each: string) => `problem.${each}`),
      ...errors.items.properties.code.enum.map((each: string) => `fault.${each}`),
    ];
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter((key) => !(key in english))).toEqual([]);
  });

  it('speak of people with respect: no drama, no exclamation marks', () => {
    const banned =
      /!|\brescued?\b|\bslaves?\b|\bvictims?\b(?! services| rights)|\bvíctimas?\b(?! )|rescatad|esclav/i;
    for (const [key, text] of [...Object.entries(english), ...Object.entries(spanish)]) {
      expect({ key, hit: text.match(banned)?.[0] }).toEqual({ key, hit: undefined });
    }
  });
});

describe('the words of a screen', () => {
  const imported = (from: string, specifier: string): string | null => {
    if (specifier.startsWith('#lib/')) return specifier.replace('#lib/', 'lib/');
    return specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : null;
  };
  const importsOf = (name: string): string[] =>
    [...read(name).matchAll(/^\s*import\s(?!type\b)[^'();]*'([^']+)'/gm)]
      .map((m) => imported(name, m[1] ?? ''))
      .filter((each) => each !== null && sourceFiles.includes(each)) as string[];

  function reachedFrom(start: string[]): Set<string> {
    const reached = new Set<string>();
    const ahead = [...start];
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      ahead.push(...importsOf(name));
    }
    return reached;
  }

  /** What is said by these files and those they import, but stands in none of the areas. */
  function unlearned(start: string[], learned: readonly string[]): string[] {
    return [...reachedFrom(start)].flatMap((name) => {
      const text = read(name);
      const [keys, families] = [keysIn(text), familiesIn(text)];
      return [...areas]
        .filter(([area]) => area !== 'common' && !learned.includes(area))
        .flatMap(([area, words]) =>
          Object.keys(words)
            .filter((key) => keys.has(key) || families.has(key.replace(/\..*/, '.')))
            .map((key) => `${key} in ${area}, said by ${name}`),
        );
    });
  }

  const routeOf = (name: string): string => dirname(name).replace('routes', '');
  const routes = sourceFiles.filter((name) => /^routes\/.*\+(page|layout|error)\b/.test(name));

  it.each(routes)('are learned before %s is shown', (name) => {
    expect(unlearned([name], areasOf(routeOf(name)))).toEqual([]);
  });

  /** What every screen that this file is part of has learned. */
  function learnedBefore(name: string): Area[] {
    const [first = [], ...others] = routes
      .filter((route) => reachedFrom([route]).has(name))
      .map((route) => areasOf(routeOf(route)));
    return first.filter((area) => others.every((each) => each.includes(area)));
  }

  const parts = sourceFiles.flatMap((name) =>
    [...read(name).matchAll(/import\('([^']+)'\)(?:,([^)]*))?/g)].map((m) => ({
      part: imported(name, m[1] ?? '') ?? '',
      learned: [...(m[2] ?? '').matchAll(/'([\w-]+)'/g)].map((each) => each[1] ?? ''),
      name,
    })),
  );

  it.each(parts)('are learned before $part, which comes later', ({ part, learned, name }) => {
    expect(existsSync(join(source, part))).toBe(true);
    expect(unlearned([part], [...learned, ...learnedBefore(name)])).toEqual([]);
  });
});
