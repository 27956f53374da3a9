import { expect, it } from 'vitest';
import type { UnmetCount } from '#lib/api/types.ts';
import { byMonth } from './table.ts';

const count = (month: string, kind: UnmetCount['kind'], requests: number): UnmetCount => ({
  month,
  kind,
  area: 'US-IA-113',
  requests,
  places_left: null,
});

it('shows the newest month first, in it what was missing most, and no month of which nothing is told', () => {
  const need = {
    months: ['2026-01', '2026-02', '2026-03'],
    counts: [
      count('2026-01', 'interpreter_now', 5),
      count('2026-03', 'safe_transport', 6),
      count('2026-03', 'emergency_shelter', 9),
    ],
  };
  expect(
    byMonth(need).map(({ month, counts }) => [month, ...counts.map(({ kind }) => kind)]),
  ).toEqual([
    ['2026-03', 'emergency_shelter', 'safe_transport'],
    ['2026-01', 'interpreter_now'],
  ]);
});
