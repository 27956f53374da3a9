import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { shapesByState } from '../../../scripts/shapes.ts';
import { shapesOf, statesOf } from './shapes.ts';

const files = shapesByState();
const counties = readFileSync(
  new URL('../../../../portal/kernel/data/us_counties.csv', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',')[0]);

vi.stubGlobal('fetch', async (address: string) => {
  const text = files.get(address.replace('/areas/', '').replace('.json', ''));
  return new Response(text, { status: text ? 200 : 404 });
});

it('there is a shape for every county that is an area, and no other', () => {
  const drawn = [...files.values()].flatMap((text) =>
    JSON.parse(text).objects.counties.geometries.map(({ id }: { id: string }) => id),
  );
  expect(drawn.sort()).toEqual(counties.sort());
});

it('a state is small', () => {
  expect(Math.max(...[...files.values()].map((text) => text.length))).toBeLessThan(100_000);
});

it('only the states of the network are asked for', () => {
  expect(statesOf(['US-IA-113', 'US-IA-103', 'US-IL', 'US', 'MX-SON'])).toEqual([
    'US-IA',
    'US-IL',
  ]);
});

it('the network’s counties fill the map, with what lies around them', async () => {
  const shapes = await shapesOf(['US-IA-113', 'US-IA-103']);
  const ours = shapes.filter(({ ours }) => ours);
  expect(shapes).toHaveLength(99);
  expect(ours.map(({ code }) => code).sort()).toEqual(['US-IA-103', 'US-IA-113']);
  for (const { path, middle, width } of ours) {
    expect(path).toMatch(/^M/);
    expect(middle[0]).toBeGreaterThan(0);
    expect(middle[0]).toBeLessThan(640);
    expect(width).toBeGreaterThan(100);
  }
});

it('a state of the network is all its counties', async () => {
  const shapes = await shapesOf(['US-AK']);
  expect(shapes.every(({ ours }) => ours)).toBe(true);
  // The Aleutians cross the 180th meridian and stay together.
  expect(shapes.every(({ width }) => width < 640)).toBe(true);
});

it('where there are no shapes there is no map', async () => {
  expect(await shapesOf(['US', 'MX-SON', 'Alder County'])).toEqual([]);
});
