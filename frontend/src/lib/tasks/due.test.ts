import { beforeEach, describe, expect, it } from 'vitest';
import type { Task } from '#lib/api/types.ts';
import { clock } from '#lib/words/clock.svelte.ts';
import { zone } from '#lib/words/format.svelte.ts';
import { inOrder, isDue, isOverdue } from './due.ts';

const dated = (due_at: string | null, done_at: string | null = null) => ({ due_at, done_at });

describe('when a task is due', () => {
  beforeEach(() => {
    clock.now = Date.parse('2026-11-21T20:41:00Z');
    zone.name = 'America/Chicago';
  });

  it('is today in the person’s own zone', () => {
    expect(isDue(dated('2026-11-22T05:59:00Z'))).toBe(true);
    expect(isDue(dated('2026-11-22T06:00:00Z'))).toBe(false);
    expect(isDue(dated(null))).toBe(false);
  });

  it('stays due when its time has passed, until it is done', () => {
    expect(isOverdue(dated('2026-11-20T12:00:00Z'))).toBe(true);
    expect(isDue(dated('2026-11-20T12:00:00Z'))).toBe(true);
    expect(isDue(dated('2026-11-20T12:00:00Z', '2026-11-21T12:00:00Z'))).toBe(false);
  });

  it('says what comes first', () => {
    const task = (id: string, due_at: string | null, done_at: string | null = null) =>
      ({ id, due_at, done_at, added_at: '2026-11-20T12:00:00Z' }) as Task;
    const tasks = [
      task('done', '2026-11-20T12:00:00Z', '2026-11-21T12:00:00Z'),
      task('some day', null),
      task('later', '2026-11-23T12:00:00Z'),
      task('sooner', '2026-11-22T12:00:00Z'),
    ];
    const sorted = tasks.toSorted(inOrder).map((each) => each.id);
    expect(sorted).toEqual(['sooner', 'later', 'some day', 'done']);
  });
});
