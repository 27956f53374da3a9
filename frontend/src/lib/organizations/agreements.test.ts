import { expect, test } from 'vitest';
import type { Agreement } from '#lib/api/types.ts';
import { ending, isOver, newestOf } from './agreements.ts';

const agreement = (id: string, organization: string, until: string, recorded_at: string) =>
  ({
    id,
    until,
    recorded_at,
    organization: { id: organization, name: organization },
  }) as Agreement;
const old = agreement('old', 'house', '2026-03-01T07:00:00Z', '2025-03-01T07:00:00Z');
const renewed = agreement('renewed', 'house', '2027-03-01T07:00:00Z', '2026-02-01T07:00:00Z');
const shorter = agreement('shorter', 'house', '2026-09-01T07:00:00Z', '2026-02-02T07:00:00Z');
const other = agreement('other', 'clinic', '2026-03-20T07:00:00Z', '2025-03-20T07:00:00Z');

test('of several the one that was recorded last holds, however long it lasts', () => {
  expect(newestOf('house', [renewed, shorter, old])).toBe(shorter);
  expect(newestOf('house', [old, renewed, other])).toBe(renewed);
  expect(newestOf('nobody', [old])).toBeUndefined();
});

test('it is over from its end on', () => {
  expect(isOver(old.until, Date.parse(old.until))).toBe(true);
  expect(isOver(old.until, Date.parse(old.until) - 1)).toBe(false);
});

test('what ends within thirty days, or is over, is told; what was renewed is not', () => {
  const now = Date.parse('2026-02-25T12:00:00Z');
  expect(ending([old, other], now)).toEqual([old, other]);
  expect(ending([old, renewed, other], now)).toEqual([other]);
  expect(ending([other], Date.parse('2026-02-10T12:00:00Z'))).toEqual([]);
  expect(ending([other], Date.parse('2026-06-01T12:00:00Z'))).toEqual([other]);
});
