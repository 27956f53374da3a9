import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { words as english } from './en.ts';
import { words as spanish } from './es.ts';

const source = new URL('../../', import.meta.url).pathname;

function sourceText(): string {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !/\.test\.ts$|schema\.gen\.ts$/.test(name))
    .map((name) => readFileSync(join(source, name), 'utf8'))
    .join('\n');
}

function argumentNames(text: string): string[] {
  const names = new Set<string>();
  const walk = (parts: unknown): void => {
    for (const part of parts as {
      type: number;
      value?: string;
      options?: object;
      children?: unknown;
    }[]) {
      // Element types 1-6 of the ICU syntax tree carry an argument; 0 is literal text, 7 is "#".
      if (part.type > 0 && part.type < 7 && part.value) names.add(part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
      if (part.children) walk(part.children);
    }
  };
  walk(new IntlMessageFormat(text, 'en').getAst());
  return [...names].sort();
}

describe('the words', () => {
  it('exist in both languages', () => {
    expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort());
  });

  it('are said with the same arguments in both languages', () => {
    for (const key of Object.keys(english) as (keyof typeof english)[]) {
      expect({ key, names: argumentNames(spanish[key]) }).toEqual({
        key,
        names: argumentNames(english[key]),
      });
    }
  });

  it('are all used, and every used one exists', () => {
    const text = sourceText();
    const literals = new Set(
      [...text.matchAll(/['"]([a-z]\w*(?:\.\w+)+)['"]/g)].map((m) => m[1]),
    );
    const families = new Set([...text.matchAll(/\bword\(\s*'(\w+)'/g)].map((m) => `${m[1]}.`));
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
