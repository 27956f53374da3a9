import { expect, test } from 'vitest';
import type { Offer, Organization } from '#lib/api/types.ts';
import { chosenIn, fits, says } from './filters.ts';

const values = { top: ['legal'], area: ['US-IA'], language: ['spa'] };
const house = {
  name: 'Harbor House',
  description: 'Beds by night',
  kind: 'shelter_operator',
  status: 'verified',
} as Organization;
const offer = (available: number) => ({ available }) as Offer;
const chosen = (address: string) => chosenIn(new URLSearchParams(address), values);

test('an address says what is chosen, and what is no value of a filter is left out', () => {
  expect(chosen('text=beds&kind=hotline&top=legal&area=US-IA-113&free=true')).toEqual({
    text: 'beds',
    kind: 'hotline',
    free: true,
    offered: { top: 'legal', area: 'US-IA-113' },
  });
  expect(chosen('kind=cartel&top=x&area=FR&language=xx&free=1&mine=true')).toEqual({
    text: '',
    kind: '',
    free: false,
    offered: {},
  });
});

test('only who is verified is in the directory', () => {
  expect(fits(house, [], chosen(''))).toBe(true);
  expect(fits({ ...house, status: 'suspended' }, [], chosen(''))).toBe(false);
  expect(fits({ ...house, status: 'applied' }, [], chosen(''))).toBe(false);
  expect(fits(house, [], chosen('kind=hotline'))).toBe(false);
});

test('looked for by what it offers, an organization offers something that fits', () => {
  expect(fits(house, [], chosen('top=legal'))).toBe(false);
  expect(fits(house, [offer(0)], chosen('top=legal'))).toBe(true);
  expect(fits(house, [offer(0)], chosen('free=true'))).toBe(false);
  expect(fits(house, [offer(0), offer(1)], chosen('top=legal&free=true'))).toBe(true);
});

test('text is looked for in what it is called and what it is', () => {
  expect(says(house, ' HARBOR ', 'en')).toBe(true);
  expect(says(house, 'night', 'en')).toBe(true);
  expect(says(house, 'clinic', 'en')).toBe(false);
});
