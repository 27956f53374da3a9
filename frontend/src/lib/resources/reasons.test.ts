import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import type { Reason } from '#lib/api/types.ts';
import { speech } from '#lib/words/words.svelte.ts';
import { sayReason } from './reasons.ts';

// What is spoken is remembered in a browser; there is none here.
vi.hoisted(() => {
  const storage = { getItem: () => null, setItem: () => undefined };
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('document', { documentElement: {} });
});

const contract = JSON.parse(
  readFileSync(new URL('../../../openapi.json', import.meta.url).pathname, 'utf8'),
);
const { code, fit } = contract.components.schemas.Reason.properties;

it.each(['en', 'es'] as const)('every reason is said in words, in %s', async (locale) => {
  await speech.speak(locale);
  await speech.learn(['resources', 'requests']);
  expect(code.enum.length).toBeGreaterThan(10);
  for (const each of code.enum as Reason['code'][])
    for (const how of fit.enum as Reason['fit'][]) {
      const given = {
        code: each,
        fit: how,
        part: 1,
        whole: 3,
        found: ['eng'],
        missing: ['spa'],
      };
      const said = sayReason(given, 'bed_night');
      expect(said).not.toBe(each.replaceAll('_', ' '));
      expect(said).not.toMatch(/[{}]|undefined/);
      expect(said.length).toBeGreaterThan(4);
    }
});

it('says what fits and what does not', async () => {
  await speech.speak('en');
  const say = (reason: Parameters<typeof sayReason>[0]) => sayReason(reason, 'bed_night');
  expect(say({ code: 'same_area' })).toBe('In the same area');
  expect(say({ code: 'quantity', fit: 'part', part: 2, whole: 3 })).toBe('2 of 3 bed-nights');
  expect(say({ code: 'distance', fit: 'part', kilometres: 55 })).toBe('34 miles (55 km) away');
  expect(say({ code: 'far_away', fit: 'none' })).toBe('Far away');
  expect(say({ code: 'time', fit: 'part', part: 12, whole: 48 })).toBe('For 25 % of the time');
  expect(say({ code: 'languages', fit: 'part', found: ['eng'], missing: ['spa'] })).toBe(
    'Speaks English, not Spanish',
  );
});
