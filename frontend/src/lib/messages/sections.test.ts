import { describe, expect, it } from 'vitest';
import type { Channel, WorkingGroup } from '#lib/api/types.ts';
import { sectionsOf } from './sections.ts';

const channel = (
  id: string,
  channel_kind: Channel['channel_kind'],
  audience: string,
  last: string,
) => ({ id, channel_kind, audience, last_at: last }) as Channel;
const group = (name: string, audience: string, main: string) =>
  ({ id: name, name, audience, channel: main }) as WorkingGroup;

const shown = (channels: Channel[], groups: WorkingGroup[]) =>
  sectionsOf(channels, groups, (each) => each.last_at ?? '').map((section) => [
    section.group?.name ?? section.kind,
    ...section.channels.map((each) => each.id),
  ]);

describe('the list of channels', () => {
  it('keeps those of a group together, its own first, and the others by what was said last', () => {
    const channels = [
      channel('talk', 'direct', 'd', '3'),
      channel('quiet', 'private', 'p', '1'),
      channel('rota', 'group', 'a', '9'),
      channel('main', 'group', 'a', '2'),
      channel('housing', 'group', 'b', '5'),
      channel('board', 'private', 'q', '4'),
    ];
    expect(
      shown(channels, [group('Night line', 'a', 'main'), group('Housing', 'b', 'housing')]),
    ).toEqual([
      ['group', 'housing'],
      ['Night line', 'main', 'rota'],
      ['private', 'board', 'quiet'],
      ['direct', 'talk'],
    ]);
  });

  it('shows those of a group that is not known yet, and nothing for what there is none of', () => {
    const channels = [channel('main', 'group', 'a', '2'), channel('rota', 'group', 'a', '9')];
    expect(shown(channels, [])).toEqual([['group', 'rota', 'main']]);
    expect(shown([], [])).toEqual([]);
  });
});
