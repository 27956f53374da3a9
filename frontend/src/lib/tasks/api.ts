/** Writes about the tasks of a request; each answer of the portal goes into the live store. */
import { api } from '#lib/api/http.ts';
import type { Detailed, Id, Instant, Task } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

export interface TaskDraft {
  what: string;
  assignedTo: Id | '';
  dueAt: Instant | '';
  /** Sent again with the same key it is still one task; anew with every change. */
  key: Id;
}

const take = (answer: Promise<Detailed<Task>>) => live.take('task', answer);

export const add = (request: Id, draft: TaskDraft) =>
  take(
    api.post(
      `/requests/${request}/tasks`,
      {
        what: draft.what,
        assigned_to: draft.assignedTo || null,
        due_at: draft.dueAt || null,
      },
      { key: draft.key },
    ),
  );

export const edit = (id: Id, said: { what: string; due_at: Instant | null }, version: number) =>
  take(api.patch(`/tasks/${id}`, said, version));

export const assign = (id: Id, person: Id | '') =>
  take(api.post(`/tasks/${id}/assign`, { person: person || null }));

export const finish = (id: Id) => take(api.post(`/tasks/${id}/finish`));

export const reopen = (id: Id) => take(api.post(`/tasks/${id}/reopen`));

export async function remove(id: Id): Promise<void> {
  await api.delete(`/tasks/${id}`);
  live.lose('task', id);
}
