/**
 * How far this client has read each audience's change log. Pure: it decides, the connection acts.
 */
import type { Id } from '#lib/api/types.ts';
import type { ChangesFrame, Cursors } from './protocol.ts';

/** apply: next in order. known: already read. gap: something is missing, ask for a replay. */
export type Verdict = 'apply' | 'known' | 'gap';

export interface Welcome {
  /** Audiences this client did not know: their lists must be fetched. */
  granted: Id[];
  /** Audiences this client read before and may not see any more. */
  revoked: Id[];
}

export class CursorTable {
  #cursors = new Map<Id, number>();

  get(audience: Id): number | undefined {
    return this.#cursors.get(audience);
  }

  all(): Cursors {
    return Object.fromEntries(this.#cursors);
  }

  /** Unknown audiences start at their head; known ones are caught up by the portal itself. */
  welcome(heads: Cursors): Welcome {
    const granted = Object.keys(heads).filter((audience) => !this.#cursors.has(audience));
    const revoked = [...this.#cursors.keys()].filter((audience) => !(audience in heads));
    for (const audience of granted) this.#cursors.set(audience, heads[audience] ?? 0);
    for (const audience of revoked) this.#cursors.delete(audience);
    return { granted, revoked };
  }

  /** Goes on from this head: a new audience, or one whose log reaches no longer back to the cursor. */
  restart(audience: Id, head: number): void {
    this.#cursors.set(audience, head);
  }

  /** Forgets an audience that was revoked. */
  forget(audience: Id): void {
    this.#cursors.delete(audience);
  }

  /** Judges a frame and, when it is to be applied, moves the cursor. */
  advance(frame: Pick<ChangesFrame, 'audience' | 'after' | 'seq'>): Verdict {
    const cursor = this.#cursors.get(frame.audience);
    if (cursor === undefined) {
      // Its head is not known yet: begin here, the lists are fetched after the welcome anyway.
      this.#cursors.set(frame.audience, frame.seq);
      return 'apply';
    }
    if (frame.seq <= cursor) return 'known';
    // An overlap is safe, since objects keep their highest version; only a hole is not.
    if (frame.after > cursor) return 'gap';
    this.#cursors.set(frame.audience, frame.seq);
    return 'apply';
  }

  clear(): void {
    this.#cursors.clear();
  }
}
