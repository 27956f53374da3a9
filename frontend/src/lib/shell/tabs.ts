/** This person's other tabs on this device. */

/**
 * leave: quickly, all of them. signed-out: by one of them. active: a person does something.
 * locked, unlocked: all tabs lock and open together.
 */
export type Word = 'leave' | 'signed-out' | 'active' | 'locked' | 'unlocked';

const channel = new BroadcastChannel('concord');

export function tellTabs(word: Word): void {
  channel.postMessage(word);
}

export function whenTabsSay(said: Word, act: () => unknown): void {
  channel.addEventListener('message', (event) => {
    if (event.data === said) void act();
  });
}
