/** A rota: who is on call, and where nobody is. */
import type { Duty, Id, RequestKind, Shift } from '#lib/api/types.ts';

/** What is read of a shift here. */
type Planned = Pick<Shift, 'duty' | 'starts_at' | 'ends_at'>;

export interface Hole {
  duty: Duty;
  from: string;
  until: string;
}

const time = (at: string) => Date.parse(at);
const byStart = (one: Planned, other: Planned) => time(one.starts_at) - time(other.starts_at);

/** Those of an organization that run or are to come, the first one first. */
export function planOf(shifts: Shift[], organization: Id, now: number): Shift[] {
  return shifts
    .filter((each) => each.organization.id === organization && time(each.ends_at) > now)
    .sort(byStart);
}

/** Who is asked first: whoever has a shift for this kind, else whoever is on call for every kind. */
export function onCall(plan: Shift[], kind: RequestKind | '', now: number): Shift | null {
  const running = plan.filter(
    (each) => time(each.starts_at) <= now && now < time(each.ends_at),
  );
  const of = (wanted: string) => running.find((each) => each.duty === wanted);
  return of(kind) ?? of('') ?? null;
}

/**
 * When nobody is on call, up to the end of the plan: for every kind or, where all shifts are of one,
 * for each; and for coordination, where it has shifts.
 */
export function holesIn(plan: Planned[], now: number): Hole[] {
  const duties = [...new Set(plan.map((each) => each.duty))];
  const whole = duties.includes('');
  const covered = duties.filter((duty) => !whole || duty === '' || duty === 'coordination');
  return covered.flatMap((duty) => {
    const holes: Hole[] = [];
    let until = new Date(now).toISOString();
    for (const shift of plan.filter((each) => each.duty === duty).sort(byStart)) {
      if (time(shift.starts_at) > time(until))
        holes.push({ duty, from: until, until: shift.starts_at });
      if (time(shift.ends_at) > time(until)) until = shift.ends_at;
    }
    return holes;
  });
}
