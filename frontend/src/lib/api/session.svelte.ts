/** Who is signed in, what they work for, and on whose behalf they act in this tab. */
import { zone } from '#lib/words/format.svelte.ts';
import { isLocale, speech } from '#lib/words/words.svelte.ts';
import { api } from './http.ts';
import { asProblem, type Problem } from './problem.ts';
import type { Id, MyOrganization, Session, Tier } from './types.ts';

const actingKey = 'concord.acting-for';
const rank: Record<Tier, number> = { member: 0, coordinator: 1, administrator: 2 };

class SessionStore {
  current = $state.raw<Session | null>(null);
  problem = $state.raw<Problem | null>(null);
  #chosen = $state<Id | null>(sessionStorage.getItem(actingKey));
  #loading: Promise<void> | null = null;
  #again: Promise<void> | null = null;
  /** Counts the times somebody's name was taken off. */
  #turn = 0;

  /**
   * Asks the portal who is signed in. What is asked already may be answered from before what was just done, so
   * whoever comes meanwhile waits for one further answer, all together.
   */
  load(): Promise<void> {
    if (this.#loading) {
      return (this.#again ??= this.#loading.then(() => this.load()));
    }
    this.#again = null;
    return (this.#loading = this.#load().finally(() => (this.#loading = null)));
  }

  async #load(): Promise<void> {
    const turn = this.#turn;
    try {
      const told = await api.get<Session>('/session');
      // Signed out or locked meanwhile.
      if (turn !== this.#turn) return;
      this.adopt(told);
      this.problem = null;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      return;
    }
    const locale = this.person?.locale;
    if (isLocale(locale)) await speech.speak(locale);
  }

  adopt(session: Session): void {
    this.current = session;
    if (session.person) zone.name = session.person.time_zone || session.network.time_zone;
  }

  /** Forgets everything known about the person in this tab. */
  clear(): void {
    this.#turn += 1;
    if (this.current) {
      this.current = { ...this.current, person: null, organizations: [], network_roles: [] };
    }
    this.#chosen = null;
    sessionStorage.removeItem(actingKey);
  }

  /** Takes off what is known about the person, who is still signed in. */
  hide(): void {
    this.#turn += 1;
    if (!this.current) return;
    const nobody = { person: null, organizations: [], network_roles: [] };
    this.current = { ...this.current, ...nobody, locked: true };
  }

  get person() {
    return this.current?.person ?? null;
  }

  get network() {
    return this.current?.network ?? null;
  }

  get areaCodes(): string[] {
    return this.network?.areas.map((area) => area.code) ?? [];
  }

  /** "Linn County"; where it is none of the network's, what it is called otherwise. */
  areaName(code: string, otherwise = code): string {
    return this.network?.areas.find((area) => area.code === code)?.name ?? otherwise;
  }

  get organizations(): MyOrganization[] {
    return this.current?.organizations ?? [];
  }

  /** Those of mine that I coordinate or administer. */
  get coordinated(): MyOrganization[] {
    return this.organizations.filter(({ id }) => this.holds(id, 'coordinator'));
  }

  get isNetworkAdministrator(): boolean {
    return this.current?.network_roles.includes('administrator') ?? false;
  }

  /** Signed in, but every endpoint refuses until a code is entered or a second factor is set up. */
  get awaitsSecondFactor(): 'code' | 'enrolment' | null {
    const session = this.current;
    if (!session?.person || !session.network.second_factor_required) return null;
    if (session.second_factor.satisfied) return null;
    return session.second_factor.kinds.length ? 'code' : 'enrolment';
  }

  /** The organization writes are done for; one of mine, kept per tab. */
  get actingFor(): MyOrganization | null {
    const mine = this.organizations;
    const active = mine.filter((organization) => organization.status !== 'suspended');
    return (
      active.find((organization) => organization.id === this.#chosen) ??
      mine.find((organization) => organization.status === 'verified') ??
      mine[0] ??
      null
    );
  }

  /** Whether that organization is of the network: it can ask, offer and post. */
  get actsInNetwork(): boolean {
    return this.actingFor?.status === 'verified';
  }

  actFor(organization: Id): void {
    this.#chosen = organization;
    sessionStorage.setItem(actingKey, organization);
  }

  /** Whether I hold at least this tier in an organization. */
  holds(organization: Id, tier: Tier): boolean {
    const held = this.organizations.find((candidate) => candidate.id === organization)?.tier;
    return held !== undefined && rank[held] >= rank[tier];
  }
}

export const session = new SessionStore();
