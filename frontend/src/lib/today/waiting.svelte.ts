/** What waits for this person: requests to answer, pledges, capacity to say, people who ask to join, groups. */
import { untrack } from 'svelte';
import { session } from '#lib/api/session.svelte.ts';
import type {
  Agreement,
  Application,
  CoordinationRequest,
  Escalation,
  GroupInvitation,
  Id,
  JoinApplication,
  Offer,
  Pledge,
  Registration,
  RuleAcceptance,
  Swap,
  Task,
} from '#lib/api/types.ts';
import { useListing, type Listing } from '#lib/live/listing.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import { ending } from '#lib/organizations/agreements.ts';
import { answersTo, isMine, waitsForUs } from '#lib/requests/own.ts';
import { inOrder, isDue } from '#lib/tasks/due.ts';
import { isAsked, waits } from '#lib/rota/swaps.svelte.ts';
import { isStale } from '#lib/resources/stale.ts';
import { clock } from '#lib/words/clock.svelte.ts';

export interface WaitingListings {
  requests: Listing;
  pledges: Listing;
  offers: Listing;
  applications: Listing;
  invitations: Listing;
  rules: Listing;
  escalated: Listing;
  escalations: Listing;
  outside: Listing;
  agreements: Listing;
  tasks: Listing;
  swaps: Listing;
  registrations: Listing;
}

class Waiting {
  /** How fetching goes, from the start of the app on. */
  listings: WaitingListings | null = null;

  /** Requests put to my organizations and not decided, by their clock. */
  get requests(): CoordinationRequest[] {
    return live
      .list('request')
      .filter(waitsForUs)
      .sort((one, other) => one.answer_by.localeCompare(other.answer_by));
  }

  /** What I have to do today, or had to. */
  get tasks(): Task[] {
    return live
      .list('task')
      .filter((each) => each.assigned_to?.id === session.person?.id && isDue(each))
      .filter((each) => live.may('task', each.id, 'finish'))
      .sort(inOrder);
  }

  /** Pledges that I may decide about, deliver, or say of that they came; the oldest first. */
  get pledges(): Pledge[] {
    return live
      .list('pledge')
      .filter((each) =>
        ['accept', 'deliver', 'confirm'].some((verb) => live.may('pledge', each.id, verb)),
      )
      .sort((one, other) => one.at.localeCompare(other.at));
  }

  /** Our offers of which nobody has said for too long how much is left, as they were posted. */
  get offers(): Offer[] {
    return live
      .list('offer')
      .filter((each) => isStale(each) && live.may('offer', each.id, 'set_capacity'))
      .sort((one, other) => one.posted_at.localeCompare(other.posted_at));
  }

  /** Requests that nobody answers and that have come to me, the one that waits longest first. */
  get escalated(): CoordinationRequest[] {
    return live
      .list('request')
      .filter((each) => live.mine('request', each.id)?.escalated && !waitsForUs(each))
      .sort((one, other) => one.posted_at.localeCompare(other.posted_at));
  }

  /** What an administrator of the network is told of the others. */
  get escalations(): Escalation[] {
    return live
      .list('escalation')
      .filter((each) => !each.ended_at)
      .sort((one, other) => one.posted_at.localeCompare(other.posted_at));
  }

  /** Applications to groups I lead, the oldest first. */
  get applications(): JoinApplication[] {
    return live
      .list('join_application')
      .filter(
        (each) => each.state === 'pending' && live.may('join_application', each.id, 'accept'),
      )
      .sort((one, other) => one.asked_at.localeCompare(other.asked_at));
  }

  /** Agreements that end within a month, or are over: of my organizations, or of all where I administer the network. */
  get agreements(): Agreement[] {
    return ending(live.list('agreement'), clock.now);
  }

  /** Organizations that ask from outside to be let in, the oldest first. */
  get outside(): Application[] {
    return live
      .list('application')
      .filter((each) => live.may('application', each.id, 'accept'))
      .sort((one, other) => one.applied_at.localeCompare(other.applied_at));
  }

  /** Groups that an organization I coordinate is invited to, or that ask me to accept their rule. */
  get groups(): (GroupInvitation | RuleAcceptance)[] {
    const invitations = live
      .list('group_invitation')
      .filter(
        (each) => each.state === 'pending' && live.may('group_invitation', each.id, 'accept'),
      );
    const rules = live
      .list('rule_acceptance')
      .filter(
        (each) => each.state === 'asked' && live.may('rule_acceptance', each.id, 'accept'),
      );
    return [...rules, ...invitations].sort((one, other) =>
      one.asked_at.localeCompare(other.asked_at),
    );
  }

  /** Colleagues who ask me to swap shifts, by when the first of the two begins. */
  get swaps(): Swap[] {
    return live
      .list('swap')
      .filter((each) => waits(each) && isAsked(each))
      .sort((one, other) => one.until.localeCompare(other.until));
  }

  /** Where I come to, or wait, and where I did. */
  get registrations(): Registration[] {
    return live.list('registration').filter((each) => each.person.id === session.person?.id);
  }

  /** Of these, what became of them without my doing. */
  get news(): Registration[] {
    return this.registrations
      .filter((each) => each.news !== '' && live.may('registration', each.id, 'acknowledge'))
      .sort((one, other) => one.registered_at.localeCompare(other.registered_at));
  }

  get number(): number {
    return [
      this.requests,
      this.tasks,
      this.pledges,
      this.offers,
      this.escalated,
      this.escalations,
      this.applications,
      this.outside,
      this.agreements,
      this.groups,
      this.swaps,
      this.news,
    ].reduce((sum, each) => sum + each.length, 0);
  }
}

export const waiting = new Waiting();

/**
 * Fetches what waits; call once, while the app starts.
 * @param on reactive: whether anybody is signed in
 */
export function useWaiting(on: () => boolean): void {
  const when = (path: string, query: Record<string, string | number>) => () =>
    on() ? { path, query } : null;
  const requests = useListing('request', when('/requests', { waiting: 'true', limit: 100 }));
  const answers = useListing('answer', when('/answers', { limit: 100 }));
  const pledges = useListing('pledge', when('/pledges', { waiting: 'true', limit: 100 }));
  const offers = useListing(
    'offer',
    when('/offers', { mine: 'true', open: 'true', limit: 100 }),
  );
  const applications = useListing(
    'join_application',
    when('/join-applications', { state: 'pending', limit: 100 }),
  );
  const invitations = useListing(
    'group_invitation',
    when('/group-invitations', { state: 'pending', limit: 100 }),
  );
  const rules = useListing(
    'rule_acceptance',
    when('/rule-acceptances', { state: 'asked', limit: 100 }),
  );
  const escalated = useListing('request', when('/requests', { escalated: 'true', limit: 100 }));
  const escalations = useListing(
    'escalation',
    when('/escalations', { waiting: 'true', limit: 100 }),
  );
  const outside = useListing(
    'application',
    when('/applications', { state: 'waiting', limit: 100 }),
  );
  const agreements = useListing('agreement', when('/agreements', { limit: 100 }));
  const tasks = useListing('task', when('/tasks', { mine: 'true', limit: 100 }));
  const registrations = useListing(
    'registration',
    when('/registrations', { mine: 'true', ahead: 'true', limit: 100 }),
  );
  const swaps = useListing('swap', when('/swaps', { mine: 'true', limit: 100 }));

  // Our answer to an open request that another screen fetched may be older than those above.
  const asked = new Set<Id>();
  $effect(() => {
    if (answers.state !== 'ready' || !answers.next) return;
    for (const { id } of live.list('request').filter(waitsForUs)) {
      const known = answersTo(id).some((answer) => isMine(answer.organization.id));
      if (known || asked.has(id)) continue;
      asked.add(id);
      untrack(
        () => void live.fetch('answer', `/requests/${id}/answers`).catch(() => undefined),
      );
    }
  });
  waiting.listings = {
    requests,
    pledges,
    offers,
    applications,
    invitations,
    rules,
    escalated,
    escalations,
    outside,
    agreements,
    tasks,
    swaps,
    registrations,
  };
}
