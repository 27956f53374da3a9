/** Which agreement of an organization holds, and whether it ends soon. */
import type { Agreement, Id } from '#lib/api/types.ts';

const soonDays = 30;
const dayMilliseconds = 86_400_000;

/** The one that was recorded last, as the portal has it. */
export const newestOf = (organization: Id, agreements: Agreement[]): Agreement | undefined =>
  agreements
    .filter((each) => each.organization.id === organization)
    .sort((one, other) => other.recorded_at.localeCompare(one.recorded_at))[0];

export const isOver = (until: string, now: number): boolean => Date.parse(until) <= now;

/** Over, or about to be; of those that were renewed neither. */
export const ending = (agreements: Agreement[], now: number): Agreement[] =>
  agreements
    .filter((each) => newestOf(each.organization.id, agreements) === each)
    .filter((each) => isOver(each.until, now + soonDays * dayMilliseconds))
    .sort((one, other) => one.until.localeCompare(other.until));
