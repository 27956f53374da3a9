/**
 * The part of a channel that is shown: messages in a row, from one position to another. Every position
 * from 1 to the channel's last has its message, so what is missing is arithmetic. Pure.
 */

export interface Span {
  from: number;
  to: number;
}

/** So many are fetched at a time, and shown at first. */
export const pageSize = 50;
/** So many more are shown at a time: a frame has room for no more of them. */
export const step = 25;
/** More than these are never on the page. */
export const mostShown = 200;

export const endOf = (last: number): Span => within(last - pageSize + 1, last, last);

/** A page with this position in the middle. */
export function around(position: number, last: number): Span {
  const middle = Math.min(Math.max(1, position), last);
  const from = Math.max(1, Math.min(middle - pageSize / 2, last - pageSize + 1));
  return within(from, from + pageSize - 1, last);
}

/** The same with older ones; the newest of it give way. */
export function older(span: Span): Span {
  const from = Math.max(1, span.from - step);
  return { from, to: Math.min(span.to, from + mostShown - 1) };
}

/** The same with newer ones; the oldest of it give way. */
export function newer(span: Span, last: number): Span {
  const to = Math.min(last, span.to + step);
  return { from: Math.max(span.from, to - mostShown + 1), to };
}

export const holds = (span: Span, position: number): boolean =>
  span.from <= position && position <= span.to;

/** The positions of it that are not known, from the first to the last of them. */
export function gap(span: Span, known: ReadonlySet<number>): Span | null {
  let { from, to } = span;
  while (from <= to && known.has(from)) from += 1;
  while (to >= from && known.has(to)) to -= 1;
  return from > to ? null : { from, to };
}

/** What is fetched for it: a whole page, on the way on which one goes. */
export function wholePage(missing: Span, way: 'older' | 'newer', last: number): Span {
  return way === 'older'
    ? { from: Math.max(1, Math.min(missing.from, missing.to - pageSize + 1)), to: missing.to }
    : {
        from: missing.from,
        to: Math.min(last, Math.max(missing.to, missing.from + pageSize - 1)),
      };
}

function within(from: number, to: number, last: number): Span {
  return { from: Math.max(1, from), to: Math.min(to, last) };
}
