/** Writes about working groups, their members and the applications to join. */
import { api } from '#lib/api/http.ts';
import type {
  Detailed,
  GroupKind,
  GroupMember,
  Id,
  JoinApplication,
  WorkingGroup,
  WorkingGroupMine,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

export interface GroupDraft {
  name: string;
  kind: GroupKind;
  purpose: string;
}

export interface ApplicationDraft {
  acting_for: Id;
  working_group: Id;
  people: Id[];
  note: string;
}

const takeApplication = (answer: Promise<Detailed<JoinApplication>>) =>
  live.take('join_application', answer);

export const found = (draft: GroupDraft, actingFor: Id, key: Id) =>
  live.take(
    'working_group',
    api.post<Detailed<WorkingGroup, WorkingGroupMine>>(
      '/working-groups',
      { ...draft, acting_for: actingFor },
      { key },
    ),
  );

export const edit = (id: Id, draft: GroupDraft, version: number) =>
  live.take(
    'working_group',
    api.patch<Detailed<WorkingGroup, WorkingGroupMine>>(
      `/working-groups/${id}`,
      draft,
      version,
    ),
  );

export const ask = (draft: ApplicationDraft, key: Id) =>
  takeApplication(api.post('/join-applications', draft, { key }));

export async function accept(application: JoinApplication): Promise<void> {
  await takeApplication(api.post(`/join-applications/${application.id}/accept`));
  live.refresh('working_group', application.working_group.id);
}

export const decline = (application: JoinApplication, reason: string) =>
  takeApplication(api.post(`/join-applications/${application.id}/decline`, { reason }));

export const withdraw = (application: JoinApplication) =>
  takeApplication(api.post(`/join-applications/${application.id}/withdraw`));

/** What was seen through the group goes when the portal says so, or at once without a socket. */
export async function leave(group: WorkingGroup): Promise<void> {
  await api.post(`/working-groups/${group.id}/leave`);
  live.refetch();
}

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
