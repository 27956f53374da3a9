/** Requests by where they stand. */
import type { CoordinationRequest, RequestState } from '#lib/api/types.ts';

export const columns = ['open', 'filled', 'in_progress', 'over'] as const;
export type Column = (typeof columns)[number];

export function columnOf(state: RequestState): Column {
  return state === 'open' || state === 'filled' || state === 'in_progress' ? state : 'over';
}

/** What waits first by its clock; all others by when they were posted, the newest first. */
export function inColumn(
  column: Column,
  requests: CoordinationRequest[],
): CoordinationRequest[] {
  const found = requests.filter((request) => columnOf(request.state) === column);
  return column === 'open'
    ? found.sort((one, other) => one.answer_by.localeCompare(other.answer_by))
    : found.sort((one, other) => other.posted_at.localeCompare(one.posted_at));
}
