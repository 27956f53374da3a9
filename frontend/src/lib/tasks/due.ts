/** When a task is due, in the person's own zone. */
import type { Task } from '#lib/api/types.ts';
import { clock } from '#lib/words/clock.svelte.ts';
import { dayKey } from '#lib/words/format.svelte.ts';

export type Dated = Pick<Task, 'due_at' | 'done_at'>;

export function isOverdue({ due_at, done_at }: Dated): boolean {
  return due_at !== null && done_at === null && new Date(due_at).getTime() <= clock.now;
}

/** Today, or before. */
export function isDue(task: Dated): boolean {
  if (task.due_at === null || task.done_at !== null) return false;
  return isOverdue(task) || dayKey(task.due_at) === dayKey(clock.now);
}

/** What is to be done first; without a date last, and at the end what is done. */
export function inOrder(one: Task, other: Task): number {
  return (
    Number(one.done_at !== null) - Number(other.done_at !== null) ||
    (one.due_at ?? '9').localeCompare(other.due_at ?? '9') ||
    one.added_at.localeCompare(other.added_at)
  );
}
