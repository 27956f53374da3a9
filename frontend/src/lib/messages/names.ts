/** What a channel is called: a direct conversation by whom one talks with, that of a request by its kind. */
import { session } from '#lib/api/session.svelte.ts';
import type { Channel } from '#lib/api/types.ts';
import { list } from '#lib/words/format.svelte.ts';
import { nameOf } from '#lib/words/people.ts';
import { t, word } from '#lib/words/words.svelte.ts';

export function channelName(channel: Channel): string {
  if (channel.about) {
    const title = word('requestKind', channel.name);
    return channel.exercise ? t('exercise.of', { title }) : title;
  }
  if (channel.name) return channel.name;
  const others = channel.people.filter((person) => person.id !== session.person?.id);
  return list(others.map(nameOf));
}
