/** Places by role: what is left of each, and what a yes fills. */
import type { Problem } from '#lib/api/problem.ts';
import type { Answer, CoordinationRequest, Role, Slot } from '#lib/api/types.ts';
import { t, word } from '#lib/words/words.svelte.ts';

/** How many places of each role. */
export type Takes = Partial<Record<Role, number>>;

export interface Room {
  role: Role;
  /** For the one who looks: what they hold themselves is free for them. */
  left: number;
}

function held(answer: Answer | null, role: Role): number {
  if (!answer?.takes_place) return 0;
  return answer.takes.find((take) => take.role === role)?.places ?? 0;
}

/** Where the owner picks, everything is open until it is picked. */
export function roomFor(request: CoordinationRequest, answer: Answer | null): Room[] {
  return request.slots.map((slot) => ({
    role: slot.role,
    left: slot.places - slot.places_taken + held(answer, slot.role),
  }));
}

/** What a yes begins with: what was said before, or one of the first role that is open. */
export function firstTakes(request: CoordinationRequest, answer: Answer | null): Takes {
  const said = answer?.state === 'yes' ? answer.takes : [];
  if (said.length) return Object.fromEntries(said.map((take) => [take.role, take.places]));
  const open = roomFor(request, answer).find((room) => room.left > 0);
  return open ? { [open.role]: 1 } : {};
}

export function taken(takes: Takes): { role: Role; places: number }[] {
  return (Object.entries(takes) as [Role, number][])
    .filter(([, places]) => places > 0)
    .map(([role, places]) => ({ role, places }));
}

/** A yes to a request without roles takes one place. */
export const placesOf = ({ takes }: Answer) =>
  takes.reduce((sum, take) => sum + take.places, 0) || 1;

/** "Interpreter: 1 of 2 filled" */
export const slotWords = (slot: Slot) =>
  t('slot.filled', {
    role: word('role', slot.role),
    taken: slot.places_taken,
    places: slot.places,
  });

/** "Interpreter: 2" */
export const takeWords = (take: { role: Role; places: number }) =>
  t('slot.of', { role: word('role', take.role), said: String(take.places) });

/** For each role that ran short when places were taken: "Interpreter: 1 left". */
export function shortfalls(problem: Problem, request: CoordinationRequest): string[] {
  const short = problem.errors.map((error) => error.field);
  return roomFor(request, null)
    .filter((room) => short.includes(`takes.${room.role}`))
    .map(({ role, left }) => t('slot.of', { role: word('role', role), said: leftWords(left) }));
}

export const leftWords = (count: number) => t('slot.left', { count });
