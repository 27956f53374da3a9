/** Deleting a message can be undone until it is sent, some seconds later. */
import { SvelteMap } from 'svelte/reactivity';
import { api } from '#lib/api/http.ts';
import { asProblem } from '#lib/api/problem.ts';
import type { Detailed, Id, Message, MessageMine } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';
import { toasts } from '#lib/look/toasts.svelte.ts';
import { t } from '#lib/words/words.svelte.ts';

const undoMilliseconds = 8_000;

class Deletions {
  #waiting = new SvelteMap<Id, { message: Message; timer: ReturnType<typeof setTimeout> }>();

  constructor() {
    if (typeof window !== 'undefined') addEventListener('pagehide', () => this.flush());
  }

  /** Shown as deleted already, though it can be undone. */
  has(id: Id): boolean {
    return this.#waiting.has(id);
  }

  request(message: Message): void {
    const timer = setTimeout(() => void this.#send(message), undoMilliseconds);
    this.#waiting.set(message.id, { message, timer });
    toasts.tell(t('message.deleting'), () => this.undo(message.id));
  }

  undo(id: Id): void {
    clearTimeout(this.#waiting.get(id)?.timer);
    this.#waiting.delete(id);
  }

  /** Sends what waits: the page is being left. */
  flush(): void {
    for (const { message, timer } of [...this.#waiting.values()]) {
      clearTimeout(timer);
      void this.#send(message);
    }
  }

  async #send(message: Message): Promise<void> {
    try {
      const path = `/channels/${message.channel}/messages/${message.id}`;
      const answer = await api.delete<Detailed<Message, MessageMine> | undefined>(path, {
        keepalive: true,
      });
      if (answer) await live.take('message', Promise.resolve(answer));
    } catch (thrown) {
      toasts.tell(asProblem(thrown).text);
    } finally {
      this.#waiting.delete(message.id);
    }
  }
}

export const deletions = new Deletions();
