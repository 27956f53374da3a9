/** The channels in the order of their list: those of each group together, private ones, conversations. */
import type { Channel, Id, WorkingGroup } from '#lib/api/types.ts';

export interface Section {
  kind: Channel['channel_kind'];
  /** The group whose channels these are, where it has several. */
  group: WorkingGroup | null;
  channels: Channel[];
}

/** Pure. @param lastAt when something was last said in a channel */
export function sectionsOf(
  channels: readonly Channel[],
  groups: readonly WorkingGroup[],
  lastAt: (channel: Channel) => string,
): Section[] {
  const newestFirst = [...channels].sort((one, other) =>
    lastAt(other).localeCompare(lastAt(one)),
  );
  const of = (kind: Channel['channel_kind']) =>
    newestFirst.filter((channel) => channel.channel_kind === kind);
  const byAudience = new Map<Id, Channel[]>();
  for (const channel of of('group')) {
    byAudience.set(channel.audience, [...(byAudience.get(channel.audience) ?? []), channel]);
  }
  const single: Section = { kind: 'group', group: null, channels: [] };
  const several: Section[] = [];
  for (const [audience, together] of byAudience) {
    const group = groups.find((each) => each.audience === audience);
    if (together.length === 1 || !group) single.channels.push(...together);
    else several.push({ kind: 'group', group, channels: mainFirst(together, group) });
  }
  const rest = (['private', 'direct'] as const).map((kind) => ({
    kind,
    group: null,
    channels: of(kind),
  }));
  return [single, ...several, ...rest].filter((section) => section.channels.length > 0);
}

const mainFirst = (channels: Channel[], group: WorkingGroup): Channel[] =>
  channels.toSorted(
    (one, other) => Number(other.id === group.channel) - Number(one.id === group.channel),
  );
