/** What a channel is called: a direct conversation by whom one talks with. */
import { session } from '#lib/api/session.svelte.ts';
import type { Channel } from '#lib/api/types.ts';
import { list } from '#lib/words/format.svelte.ts';

export function channelName(channel: Channel): string {
  if (channel.name) return channel.name;
  const others = channel.people.filter((person) => person.id !== session.person?.id);
  return list(others.map((person) => person.name));
}
