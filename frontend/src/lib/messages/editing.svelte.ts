/** Which messages are being edited here; what is typed there is kept like every draft. */
import { SvelteSet } from 'svelte/reactivity';
import type { Id, PersonNamed } from '#lib/api/types.ts';
import { keep } from '#lib/keep/keep.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';

export interface EditDraft {
  body: string;
  mentions: PersonNamed[];
  /** What it said when the editing began: something else by now is shown. */
  base: string;
}

const placeOf = (id: Id) => `message:${id}`;

class Editing {
  #open = new SvelteSet<Id>();

  constructor() {
    live.onForget.add(() => this.#open.clear());
  }

  has(id: Id): boolean {
    return this.#open.has(id);
  }

  begin(id: Id): void {
    this.#open.add(id);
  }

  end(id: Id): void {
    keep.dropDraft(placeOf(id));
    this.#open.delete(id);
  }

  draft(id: Id): EditDraft | null {
    return keep.draft<EditDraft>(placeOf(id));
  }

  keepDraft(id: Id, draft: EditDraft): void {
    keep.keepDraft(placeOf(id), draft);
  }
}

export const editing = new Editing();
