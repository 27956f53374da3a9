import { describe, expect, it } from 'vitest';
import {
  around,
  endOf,
  gap,
  mostShown,
  newer,
  older,
  pageSize,
  step as more,
  wholePage,
  type Span,
} from './span.ts';

const size = (span: Span) => span.to - span.from + 1;

describe('the part of a channel that is shown', () => {
  it('is a page at the end, or all there is', () => {
    expect(endOf(1000)).toEqual({ from: 951, to: 1000 });
    expect(endOf(7)).toEqual({ from: 1, to: 7 });
    expect(size(endOf(0))).toBe(0);
  });

  it('is a whole page around any position, at the ends too', () => {
    for (const position of [-3, 1, 20, 500, 999, 1000, 5000]) {
      const span = around(position, 1000);
      expect(size(span)).toBe(pageSize);
      expect(span.from).toBeGreaterThan(0);
      expect(span.to).toBeLessThan(1001);
    }
    expect(around(3, 10)).toEqual({ from: 1, to: 10 });
  });

  it('moves through all there is and back without growing past its bound or leaving a hole', () => {
    const last = 10_000;
    let span = endOf(last);
    for (const step of [older, (it: Span) => newer(it, last)]) {
      for (let moves = 0; moves < last / more; moves += 1) {
        const next = step(span);
        expect(size(next)).toBeLessThanOrEqual(mostShown);
        // What was at the edge that is moved to stays in the middle of what is read.
        expect(next.from).toBeLessThanOrEqual(span.to);
        expect(next.to).toBeGreaterThanOrEqual(span.from);
        span = next;
      }
    }
    expect(span.to).toBe(last);
  });

  it('knows what of it is missing', () => {
    const known = new Set([1, 2, 5, 9]);
    expect(gap({ from: 1, to: 2 }, known)).toBeNull();
    expect(gap({ from: 1, to: 9 }, known)).toEqual({ from: 3, to: 8 });
    expect(gap({ from: 5, to: 12 }, known)).toEqual({ from: 6, to: 12 });
    expect(gap({ from: 1, to: 0 }, known)).toBeNull();
  });

  it('is fetched by whole pages on the way on which one goes, as far as there is something', () => {
    expect(wholePage({ from: 76, to: 100 }, 'older', 900)).toEqual({ from: 51, to: 100 });
    expect(wholePage({ from: 1, to: 20 }, 'older', 900)).toEqual({ from: 1, to: 20 });
    expect(wholePage({ from: 101, to: 125 }, 'newer', 900)).toEqual({ from: 101, to: 150 });
    expect(wholePage({ from: 890, to: 900 }, 'newer', 900)).toEqual({ from: 890, to: 900 });
    expect(wholePage({ from: 1, to: 80 }, 'older', 900)).toEqual({ from: 1, to: 80 });
  });
});
