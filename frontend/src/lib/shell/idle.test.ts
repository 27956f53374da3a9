import { describe, expect, it } from 'vitest';
import { Idle } from './idle.ts';

const minute = 60_000;

describe('being idle', () => {
  it('is over when nobody did anything for the limit', () => {
    const idle = new Idle(15 * minute, 0);
    expect(idle.isOver(15 * minute - 1)).toBe(false);
    expect(idle.isOver(15 * minute)).toBe(true);
    idle.touched(10 * minute);
    expect(idle.isOver(15 * minute)).toBe(false);
    expect(idle.isOver(25 * minute)).toBe(true);
  });

  it('is over after the computer slept, however long', () => {
    const idle = new Idle(15 * minute, 0);
    expect(idle.isOver(9 * 60 * minute)).toBe(true);
  });

  it('is reported at most once a minute, and only when somebody did something', () => {
    const idle = new Idle(15 * minute, 0);
    expect(idle.mustReport(5 * minute)).toBe(false);
    idle.touched(5 * minute);
    expect(idle.mustReport(5 * minute)).toBe(true);
    idle.touched(5 * minute + 1);
    expect(idle.mustReport(5 * minute + 1)).toBe(false);
    expect(idle.mustReport(6 * minute)).toBe(true);
    expect(idle.mustReport(9 * minute)).toBe(false);
  });

  it('is never over later here than at the portal, which hears of it late', () => {
    const limit = 15 * minute;
    const idle = new Idle(limit, 0);
    let heard = 0;
    let last = 0;
    for (let now = 0; now < 40 * minute; now += 1_000) {
      if (now < 20 * minute && (now * 7) % 23_000 === 0) {
        idle.touched(now);
        last = now;
      }
      if (idle.mustReport(now)) heard = now;
      if (!idle.isOver(now)) expect(now).toBeLessThan(heard + limit + minute);
    }
    expect(heard).toBeGreaterThanOrEqual(last);
  });

  it('is reported oftener where the limit is short', () => {
    const idle = new Idle(8_000, 0);
    idle.touched(2_000);
    expect(idle.mustReport(2_000)).toBe(true);
  });
});
