/** When somebody last did something, and when that must be said. Knows no clock and no screen. */

const reportMilliseconds = 60_000;

export class Idle {
  #limit: number;
  #touched: number;
  #reported: number;

  /** `limit`: how long one may rest, in milliseconds. */
  constructor(limit = Infinity, now = 0) {
    this.#limit = limit;
    this.#touched = now;
    this.#reported = now;
  }

  touched(now: number): void {
    this.#touched = Math.max(this.#touched, now);
  }

  isOver(now: number): boolean {
    return now - this.#touched >= this.#limit;
  }

  /**
   * Whether the portal must hear of it now: at most once a minute (oftener where the limit is short), and
   * only of what it has not heard. Saying yes counts as said.
   */
  mustReport(now: number): boolean {
    const pause = Math.min(reportMilliseconds, this.#limit / 4);
    if (this.#touched <= this.#reported || now - this.#reported < pause) return false;
    this.#reported = now;
    return true;
  }
}
