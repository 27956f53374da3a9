/** What happened, in time order: the request's own lines and those of the answers one may see. */
import type { Answer, CoordinationRequest, Happening } from '#lib/api/types.ts';

export interface Line extends Happening {
  /** Whose words tell it: the request's or an answer's. */
  of: 'request' | 'answer';
}

export function happened(request: CoordinationRequest, answers: Answer[]): Line[] {
  const lines: Line[] = [
    ...request.history.map((entry): Line => ({ ...entry, of: 'request' })),
    ...answers.flatMap((answer) =>
      answer.history.map((entry): Line => ({ ...entry, of: 'answer' })),
    ),
  ];
  // At one instant an answer comes before what it led to ("said yes", then "filled").
  return lines.sort(
    (one, other) => one.at.localeCompare(other.at) || one.of.localeCompare(other.of),
  );
}
