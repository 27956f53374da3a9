/** Short notes at the edge of the screen, some with an undo. */

export interface Toast {
  id: number;
  text: string;
  /** What to do when undo is pressed. */
  undo: (() => void) | undefined;
}

const noteMilliseconds = 6_000;
export const undoMilliseconds = 10_000;

class Toasts {
  shown = $state.raw<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Tells something. With `undo`, a button takes it back; it stays a little longer. */
  tell(text: string, undo?: () => void): void {
    const toast: Toast = { id: this.#next++, text, undo };
    this.shown = [...this.shown, toast].slice(-3);
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), undo ? undoMilliseconds : noteMilliseconds),
    );
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  clear(): void {
    for (const toast of this.shown) this.dismiss(toast.id);
  }

  undo(toast: Toast): void {
    this.dismiss(toast.id);
    toast.undo?.();
  }
}

export const toasts = new Toasts();
