/** Esc three times in a moment leaves quickly, wherever the focus is. */
import { leaveQuickly } from './leave.ts';

const momentMilliseconds = 1_500;

export function watchEscape(): () => void {
  let presses: number[] = [];
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.repeat) return;
    // When it was pressed, not when a busy machine comes to it.
    const now = event.timeStamp;
    presses = [...presses.filter((at) => now - at < momentMilliseconds), now];
    if (presses.length >= 3) void leaveQuickly();
  };
  addEventListener('keydown', pressed, { capture: true });
  return () => removeEventListener('keydown', pressed, { capture: true });
}
