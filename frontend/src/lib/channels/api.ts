/** Writes about channels and who is in them. */
import { api } from '#lib/api/http.ts';
import type {
  Candidate,
  Channel,
  ChannelMember,
  ChannelMine,
  Detailed,
  Id,
  Named,
  ReadMark,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';
import { list } from '#lib/words/format.svelte.ts';

export interface ChannelDraft {
  name: string;
  topic: string;
  announcement: boolean;
}

type DetailedChannel = Detailed<Channel, ChannelMine>;
const take = (answer: Promise<DetailedChannel>) => live.take('channel', answer);

/** Somebody or something to choose, as a `Chooser` shows it. */
export interface Choice extends Named {
  about: string;
}

const idsOf = (chosen: Choice[]) => chosen.map((each) => each.id);

/** Those with whom I am in an organization, a group or a channel. */
export async function findPeople(search: string): Promise<Choice[]> {
  const found = await api.get<Candidate[]>('/channels/candidates', { search });
  return found.map(({ person, organizations }) => ({
    ...person,
    about: list(organizations.map((each) => each.name)),
  }));
}

// opening one

export const openPrivate = (
  draft: ChannelDraft,
  people: Choice[],
  organizations: Choice[],
  key: Id,
) =>
  take(
    api.post(
      '/channels',
      { ...draft, people: idsOf(people), organizations: idsOf(organizations) },
      { key },
    ),
  );

/** The one there is between us, or a new one. */
export const openDirect = (people: Choice[]) =>
  take(api.post('/channels/direct', { people: idsOf(people) }));

// the channel itself

export const edit = (channel: Id, draft: ChannelDraft, version: number) =>
  take(api.patch(`/channels/${channel}`, draft, version));

export const archive = (channel: Id) => take(api.post(`/channels/${channel}/archive`));

export const reopen = (channel: Id) => take(api.post(`/channels/${channel}/reopen`));

/** What was seen in it goes when the portal says so, or at once without a socket. */
export async function leave(channel: Id): Promise<void> {
  await api.post(`/channels/${channel}/leave`);
  live.refetch();
}

/** For me alone, on all of my devices. */
export async function mute(channel: Id, muted: boolean): Promise<void> {
  live.takeCurrent(
    'read_mark',
    await api.put<ReadMark>(`/channels/${channel}/mute`, { muted }),
  );
}

// who is in it

export const addPeople = (channel: Id, people: Choice[]) =>
  take(api.post(`/channels/${channel}/people`, { people: idsOf(people) }));

export const addOrganization = (channel: Id, organization: Id) =>
  take(api.put(`/channels/${channel}/organizations/${organization}`));

export async function removeOrganization(channel: Id, organization: Id): Promise<void> {
  await api.delete(`/channels/${channel}/organizations/${organization}`);
  live.refresh('channel', channel);
}

export async function remove(member: ChannelMember): Promise<void> {
  await api.delete(`/channels/${member.channel}/members/${member.person.id}`);
  live.lose('channel_member', member.id);
}

const moderatorPath = (member: ChannelMember) =>
  `/channels/${member.channel}/moderators/${member.person.id}`;

export const nameModerator = (member: ChannelMember) =>
  live.take('channel_member', api.put<Detailed<ChannelMember>>(moderatorPath(member)));

export async function unnameModerator(member: ChannelMember): Promise<void> {
  await api.delete(moderatorPath(member));
  live.refresh('channel_member', member.id);
}
