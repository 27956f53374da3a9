/** A task in words. */
import { dayAndTime, relative } from '#lib/words/format.svelte.ts';
import { t } from '#lib/words/words.svelte.ts';
import { isOverdue, type Dated } from './due.ts';

/** "due tomorrow, 9:00 AM", "was due 2 hours ago" */
export function dueWords(task: Dated): string {
  if (task.due_at === null) return '';
  return isOverdue(task)
    ? t('task.overdue', { ago: relative(task.due_at) })
    : t('task.due', { at: dayAndTime(task.due_at) });
}
