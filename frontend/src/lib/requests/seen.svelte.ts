/** Which answers to our requests were looked at on this device; kept like drafts, encrypted. */
import { SvelteMap } from 'svelte/reactivity';
import type { Answer, Id } from '#lib/api/types.ts';
import { keep } from '#lib/keep/keep.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';

const said = ['yes', 'maybe', 'no', 'withdrawn'];
const place = (request: Id) => `request:${request}:seen`;

class Seen {
  #until = new SvelteMap<Id, string>();

  constructor() {
    live.onForget.add(() => this.#until.clear());
  }

  #of(request: Id): string {
    return this.#until.get(request) ?? keep.draft<string>(place(request)) ?? '';
  }

  /** Answers given since this request was last looked at. */
  fresh(request: Id, answers: Answer[]): number {
    const until = this.#of(request);
    return answers.filter((answer) => said.includes(answer.state) && answer.at > until).length;
  }

  see(request: Id, answers: Answer[]): void {
    const newest = answers.map((answer) => answer.at).reduce((a, b) => (a > b ? a : b), '');
    if (newest <= this.#of(request)) return;
    this.#until.set(request, newest);
    keep.keepDraft(place(request), newest);
  }
}

export const seen = new Seen();
