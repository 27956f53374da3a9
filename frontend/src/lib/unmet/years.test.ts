import { expect, it } from 'vitest';
import { monthsLater, yearAfter } from './years.ts';

it('counts months over the years', () => {
  expect(monthsLater('2026-03', 0)).toBe('2026-03');
  expect(monthsLater('2026-03', -3)).toBe('2025-12');
  expect(monthsLater('2026-12', 1)).toBe('2027-01');
  expect(monthsLater('2026-03', -12)).toBe('2025-03');
});

it('goes on to a later year, and then to the newest', () => {
  expect(yearAfter('2024-03', '2026-03')).toBe('2025-03');
  expect(yearAfter('2025-03', '2026-03')).toBe('');
});
