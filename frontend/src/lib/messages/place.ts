/** Where one reads: which messages the scrolling box shows, and keeping one of them where it is. */

const everyMessage = '[data-position]';

export const positionOf = (element: Element): number =>
  Number((element as HTMLElement).dataset['position']);

export const messageAt = (box: HTMLElement, position: number): HTMLElement | null =>
  box.querySelector<HTMLElement>(`[data-position="${position}"]`);

/** The first message that is not above the box, and the last that ends within it. */
export function visible(box: HTMLElement): { first: Element | null; last: Element | null } {
  const all = [...box.querySelectorAll(everyMessage)];
  const { top, bottom } = box.getBoundingClientRect();
  const first = search(all, (each) => each.getBoundingClientRect().bottom > top);
  const beyond = search(all, (each) => each.getBoundingClientRect().bottom > bottom + 1);
  return { first: all[first] ?? null, last: all[beyond - 1] ?? null };
}

/** By its end: whose it is may stand over it or not, as what came before it is there or not. */
export interface Anchor {
  element: Element;
  bottom: number;
}

export function anchorOf(box: HTMLElement): Anchor | null {
  const { first } = visible(box);
  return first && { element: first, bottom: first.getBoundingClientRect().bottom };
}

/** Whatever came or went above it, it stands where it stood. */
export function restore(box: HTMLElement, anchor: Anchor | null): void {
  if (!anchor?.element.isConnected) return;
  const moved = anchor.element.getBoundingClientRect().bottom - anchor.bottom;
  if (Math.abs(moved) >= 1) box.scrollTop += moved;
}

/** Into the middle of the box, without moving anything around it. */
export function center(box: HTMLElement, element: Element): void {
  const at = element.getBoundingClientRect();
  const around = box.getBoundingClientRect();
  box.scrollTop += at.top - around.top - Math.max(0, around.height - at.height) / 2;
}

/** The index of the first that fits, where all after it fit too; how many there are when none does. */
function search<T>(all: readonly T[], fits: (each: T) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(all[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
