/** The numbers beside places. A slice says how to count its own; each is reactive. */
import type { Place } from './places.ts';

export interface Count {
  number: number;
  /** It waits for this person, rather than being only new. */
  waits: boolean;
}

class Counts {
  #counters = new Map<Place['path'], () => Count>();

  /** Names the function that counts for a place; call once, at the start of the app. */
  set(path: Place['path'], count: () => Count): void {
    this.#counters.set(path, count);
  }

  of(path: Place['path']): Count | undefined {
    return this.#counters.get(path)?.();
  }
}

export const counts = new Counts();
