import { describe, expect, it } from 'vitest';
import type { Offer } from '#lib/api/types.ts';
import { chosenIn, fits } from './filters.ts';

const now = Date.parse('2026-11-25T21:00:00Z');
const offer = {
  state: 'open',
  area: 'US-IA-113',
  languages: ['spa'],
  valid_until: '2026-11-26T21:00:00Z',
} as Offer;
const about = { top: 'safety_shelter', mine: false, now };

it('an address says what is shown, and nothing else', () => {
  const values = {
    top: ['health'],
    area: ['US-IA-113'],
    language: ['spa'],
    mine: ['true', 'false'],
  };
  const address = new URLSearchParams('top=health&area=US-WA-033&mine=true&more=1');
  expect(chosenIn(address, values)).toEqual({ top: 'health', mine: 'true' });
});

it('any county within the network is an area to ask for', () => {
  const values = { top: [], area: ['US-IA', 'US-WA-033'], language: [], mine: [] };
  const asked = (area: string) => chosenIn(new URLSearchParams({ area }), values).area;
  expect(asked('US-IA')).toBe('US-IA');
  expect(asked('US-IA-113')).toBe('US-IA-113');
  for (const other of ['US', 'US-WA', 'US-WA-035', 'US-I', 'US-IA-<b>', ''])
    expect(asked(other)).toBeUndefined();
});

describe('what fits', () => {
  it('is open, and not over', () => {
    expect(fits(offer, {}, about)).toBe(true);
    expect(fits({ ...offer, state: 'closed' }, {}, about)).toBe(false);
    expect(fits({ ...offer, valid_until: '2026-11-25T21:00:00Z' }, {}, about)).toBe(false);
  });

  it('is of the kind, in the area and whose it was asked for', () => {
    expect(fits(offer, { top: 'safety_shelter', area: 'US-IA', mine: 'false' }, about)).toBe(
      true,
    );
    expect(fits(offer, { top: 'health' }, about)).toBe(false);
    expect(fits(offer, { area: 'US-IA-11' }, about)).toBe(false);
    expect(fits({ ...offer, area: 'US-IA' }, { area: 'US-IA-113' }, about)).toBe(false);
    expect(fits(offer, { mine: 'true' }, about)).toBe(false);
    expect(fits(offer, { language: 'spa' }, about)).toBe(true);
    expect(fits(offer, { language: 'eng' }, about)).toBe(false);
  });
});
