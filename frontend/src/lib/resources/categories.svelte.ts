/** The taxonomy of resources, as the portal tells it; asked for once. */
import { api } from '#lib/api/http.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { ResourceCategory } from '#lib/api/types.ts';

class Categories {
  all = $state.raw<ResourceCategory[]>([]);
  problem = $state.raw<Problem | null>(null);
  #loading: Promise<void> | null = null;

  readonly tops = $derived([...new Set(this.all.map((each) => each.top))]);

  load = (): Promise<void> => {
    if (this.all.length) return Promise.resolve();
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  };

  async #load(): Promise<void> {
    this.problem = null;
    try {
      this.all = await api.get<ResourceCategory[]>('/resource-categories');
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  topOf(category: string): string | undefined {
    return this.all.find((each) => each.category === category)?.top;
  }
}

export const categories = new Categories();
