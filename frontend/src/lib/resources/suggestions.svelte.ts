/** What may fit: as it is shown, and put away with a while to think better of it. */
import { SvelteMap } from 'svelte/reactivity';
import { api } from '#lib/api/http.ts';
import { asProblem } from '#lib/api/problem.ts';
import type { Id, Suggestion } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';
import { toasts, undoMilliseconds } from '#lib/look/toasts.svelte.ts';
import { t } from '#lib/words/words.svelte.ts';

class Suggestions {
  /** Put away here, and told to the portal once it can no longer be undone. */
  #away = new SvelteMap<Id, ReturnType<typeof setTimeout>>();

  constructor() {
    live.onForget.add(() => [...this.#away.keys()].forEach((id) => this.#bringBack(id)));
  }

  get all(): Suggestion[] {
    return live.list('suggestion').filter((each) => !this.#away.has(each.id));
  }

  dismiss(id: Id): void {
    this.#away.set(
      id,
      setTimeout(() => void this.#tell(id), undoMilliseconds),
    );
    toasts.tell(t('suggestion.dismissed'), () => this.#bringBack(id));
  }

  #bringBack(id: Id): void {
    clearTimeout(this.#away.get(id));
    this.#away.delete(id);
  }

  async #tell(id: Id): Promise<void> {
    try {
      await api.post(`/suggestions/${id}/dismiss`);
      live.lose('suggestion', id);
    } catch (thrown) {
      // Gone by itself meanwhile is as good.
      if (asProblem(thrown).status !== 404) toasts.tell(t('suggestion.notDismissed'));
    }
    this.#away.delete(id);
  }
}

export const suggestions = new Suggestions();

/** A suggestion names its two sides: those that are not known yet are asked for. Call while a component starts. */
export function useBothSides(shown: () => Suggestion[]): void {
  const asked = new Set<Id>();
  $effect(() => {
    for (const { need, offer } of shown())
      for (const [kind, id] of [
        ['need', need],
        ['offer', offer],
      ] as const)
        if (!live.get(kind, id) && !asked.has(id)) {
          asked.add(id);
          live.refresh(kind, id);
        }
  });
}
