/** Writes about working groups, the ways into them, and who is in them. */
import { api } from '#lib/api/http.ts';
import type {
  Channel,
  Detailed,
  GroupInvitation,
  GroupKind,
  GroupMember,
  Id,
  JoinApplication,
  Joining,
  RuleAcceptance,
  WorkingGroup,
  WorkingGroupMine,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

export interface GroupDraft {
  name: string;
  kind: GroupKind;
  purpose: string;
  joining: Joining;
  rule: string;
  /** The kind of training of which each newcomer needs a certificate; empty: none. */
  certificate: string;
  ends_on: string | null;
}

/** What a group is founded with; `parent` stays what it was. */
export interface NewGroup extends GroupDraft {
  parent: Id | null;
}

export interface ComingDraft {
  acting_for: Id;
  people: Id[];
}

export interface ChannelDraft {
  name: string;
  topic: string;
  announcement: boolean;
}

type DetailedGroup = Detailed<WorkingGroup, WorkingGroupMine>;
const takeGroup = (answer: Promise<DetailedGroup>) => live.take('working_group', answer);
const takeApplication = (answer: Promise<Detailed<JoinApplication>>) =>
  live.take('join_application', answer);
const takeInvitation = (answer: Promise<Detailed<GroupInvitation>>) =>
  live.take('group_invitation', answer);
const takeAcceptance = (answer: Promise<Detailed<RuleAcceptance>>) =>
  live.take('rule_acceptance', answer);

// the group itself

export const found = (draft: NewGroup, actingFor: Id, key: Id) =>
  takeGroup(api.post('/working-groups', { ...draft, acting_for: actingFor }, { key }));

export const edit = (id: Id, draft: GroupDraft, version: number) =>
  takeGroup(api.patch(`/working-groups/${id}`, draft, version));

export const archive = (id: Id) => takeGroup(api.post(`/working-groups/${id}/archive`));

export const reopen = (id: Id) => takeGroup(api.post(`/working-groups/${id}/reopen`));

/** What is mine about a channel is said where channels are fetched. */
export async function openChannel(group: Id, draft: ChannelDraft, key: Id): Promise<void> {
  const opened = await api.post<Detailed<Channel>>(`/working-groups/${group}/channels`, draft, {
    key,
  });
  live.refresh('channel', opened.result.id);
}

// ways in

/** Without a socket, what somebody sees through the group is fetched now. */
export async function join(group: Id, draft: ComingDraft): Promise<void> {
  await takeGroup(api.post(`/working-groups/${group}/join`, draft));
  live.refetch();
}

export const ask = (group: Id, draft: ComingDraft, note: string, key: Id) =>
  takeApplication(
    api.post('/join-applications', { ...draft, note, working_group: group }, { key }),
  );

export async function accept(application: JoinApplication): Promise<void> {
  await takeApplication(api.post(`/join-applications/${application.id}/accept`));
  live.refresh('working_group', application.working_group.id);
}

export const decline = (application: JoinApplication, reason: string) =>
  takeApplication(api.post(`/join-applications/${application.id}/decline`, { reason }));

export const withdraw = (application: JoinApplication) =>
  takeApplication(api.post(`/join-applications/${application.id}/withdraw`));

export const invite = (group: Id, organization: Id, note: string, key: Id) =>
  takeInvitation(
    api.post('/group-invitations', { working_group: group, organization, note }, { key }),
  );

export async function acceptInvitation(invitation: Id, people: Id[]): Promise<void> {
  await takeInvitation(api.post(`/group-invitations/${invitation}/accept`, { people }));
  live.refetch();
}

export const declineInvitation = (invitation: Id, reason: string) =>
  takeInvitation(api.post(`/group-invitations/${invitation}/decline`, { reason }));

export const withdrawInvitation = (invitation: Id) =>
  takeInvitation(api.post(`/group-invitations/${invitation}/withdraw`));

// the rule

export async function acceptRule(acceptance: RuleAcceptance): Promise<void> {
  const { rule_version } = acceptance.working_group;
  await takeAcceptance(api.post(`/rule-acceptances/${acceptance.id}/accept`, { rule_version }));
  live.refetch();
}

export const declineRule = (acceptance: Id, reason: string) =>
  takeAcceptance(api.post(`/rule-acceptances/${acceptance}/decline`, { reason }));

export const withdrawRule = (acceptance: Id) =>
  takeAcceptance(api.post(`/rule-acceptances/${acceptance}/withdraw`));

export const acceptRuleAnew = ({ id, rule_version }: WorkingGroup) =>
  takeGroup(api.post(`/working-groups/${id}/accept-rule`, { rule_version }));

// who is in it

export async function remove(member: GroupMember): Promise<void> {
  await api.delete(`/working-groups/${member.working_group}/members/${member.person.id}`);
  live.lose('group_member', member.id);
  live.refresh('working_group', member.working_group);
}

const leadPath = (member: GroupMember) =>
  `/working-groups/${member.working_group}/leads/${member.person.id}`;

export const nameLead = (member: GroupMember) =>
  live.take('group_member', api.put<Detailed<GroupMember>>(leadPath(member)));

export async function unnameLead(member: GroupMember): Promise<void> {
  await api.delete(leadPath(member));
  live.refresh('group_member', member.id);
}
