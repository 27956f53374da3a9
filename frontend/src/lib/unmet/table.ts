/** Unmet need by month, the newest first; in a month by kind, most first. */
import type { UnmetCount, UnmetNeed } from '#lib/api/types.ts';

export interface Month {
  month: string;
  counts: UnmetCount[];
}

/** Months of which there is something to tell. */
export function byMonth(need: UnmetNeed): Month[] {
  return need.months
    .map((month) => ({ month, counts: ordered(need.counts.filter((c) => c.month === month)) }))
    .filter(({ counts }) => counts.length > 0)
    .toReversed();
}

const ordered = (counts: UnmetCount[]) =>
  counts.toSorted(
    (one, other) =>
      other.requests - one.requests ||
      one.kind.localeCompare(other.kind) ||
      one.area.localeCompare(other.area),
  );
