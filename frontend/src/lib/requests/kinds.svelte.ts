/** The kinds of request with their fields and clocks, as the portal tells them; asked for once. */
import { api } from '#lib/api/http.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { RequestKind, RequestKindSpec } from '#lib/api/types.ts';

class RequestKinds {
  specs = $state.raw<RequestKindSpec[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  #loading: Promise<void> | null = null;

  load = (): Promise<void> => {
    if (this.specs) return Promise.resolve();
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  };

  async #load(): Promise<void> {
    this.problem = null;
    try {
      this.specs = await api.get<RequestKindSpec[]>('/request-kinds');
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  of(kind: RequestKind): RequestKindSpec | undefined {
    return this.specs?.find((spec) => spec.kind === kind);
  }
}

export const requestKinds = new RequestKinds();
