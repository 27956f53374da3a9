import { describe, expect, it } from 'vitest';
import { fromWallClock, nextQuarter, toWallClock } from './moment.ts';

describe('a wall clock in a zone', () => {
  it('goes there and back, on both sides of a clock change', () => {
    for (const at of ['2026-10-31T05:30:00.000Z', '2026-11-02T05:30:00.000Z']) {
      expect(fromWallClock(toWallClock(at, 'America/New_York'), 'America/New_York')).toBe(at);
    }
    expect(toWallClock('2026-11-02T05:30:00Z', 'America/New_York')).toBe('2026-11-02T00:30');
    expect(toWallClock('2026-10-31T05:30:00Z', 'America/New_York')).toBe('2026-10-31T01:30');
  });

  it('knows zones that are not whole hours away', () => {
    expect(fromWallClock('2026-07-01T09:00', 'Asia/Kolkata')).toBe('2026-07-01T03:30:00.000Z');
  });

  it('takes a skipped time and nothing', () => {
    expect(fromWallClock('2026-03-08T02:30', 'America/New_York')).toMatch(
      /^2026-03-08T0[67]:30/,
    );
    expect(fromWallClock('', 'UTC')).toBe('');
  });
});

it('the next quarter of an hour', () => {
  expect(nextQuarter(Date.parse('2026-11-21T20:41:10Z'))).toBe('2026-11-21T20:45:00.000Z');
  expect(nextQuarter(Date.parse('2026-11-21T20:45:00Z'))).toBe('2026-11-21T20:45:00.000Z');
});
