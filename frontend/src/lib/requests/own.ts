/** What my organizations have to do with a request. */
import { session } from '#lib/api/session.svelte.ts';
import type { Answer, CoordinationRequest, Id, Named } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

export function isMine(organization: Id): boolean {
  return session.organizations.some((each) => each.id === organization);
}

export function answersTo(request: Id): Answer[] {
  return live.list('answer').filter((answer) => answer.request === request);
}

export interface Party {
  organization: Named;
  answer: Answer | null;
  /** I may commit this organization; else I may at most say that it was seen. */
  mayAnswer: boolean;
}

/** Each of my organizations that was asked, with what it has said so far. */
export function partiesOf(request: CoordinationRequest): Party[] {
  if (isMine(request.owner.id)) return [];
  const mine = live.mine('request', request.id);
  const answers = answersTo(request.id);
  return session.organizations.flatMap((organization) => {
    const answer = answers.find((each) => each.organization.id === organization.id) ?? null;
    const mayAnswer = mine?.answering.includes(organization.id) ?? false;
    if (!answer && !mayAnswer) return [];
    return [
      {
        organization: { id: organization.id, name: organization.name },
        answer,
        mayAnswer: mayAnswer && (mine?.allowed.includes('answer') ?? false),
      },
    ];
  });
}

const decided = ['yes', 'no', 'withdrawn', 'redirected'];

/** Open, put to us by others, and none of my organizations has decided: the portal's own rule. */
export function waitsForUs(request: CoordinationRequest): boolean {
  return (
    request.state === 'open' &&
    !isMine(request.owner.id) &&
    !answersTo(request.id).some(
      (answer) => isMine(answer.organization.id) && decided.includes(answer.state),
    )
  );
}
