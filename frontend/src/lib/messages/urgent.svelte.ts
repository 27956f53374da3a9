/** Urgent messages that wait for this person, whatever screen they are on. */
import { SvelteMap } from 'svelte/reactivity';
import { session } from '#lib/api/session.svelte.ts';
import type { Id, Message } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

const asideMilliseconds = 5 * 60 * 1000;
const most = 20;

class Urgent {
  #told = $state.raw<readonly Message[]>([]);
  /** Put aside for a while; each comes back. */
  #aside = new SvelteMap<Id, ReturnType<typeof setTimeout>>();

  /** The one that waits longest first. */
  get waiting(): Message[] {
    return this.#told
      .map((each) => live.get('message', each.id) ?? each)
      .filter((each) => !each.deleted && !isAcknowledged(each) && !this.#aside.has(each.id))
      .sort((one, other) => one.posted_at.localeCompare(other.posted_at));
  }

  /** Asked anew when the connection is, and when one comes. */
  async fetch(): Promise<void> {
    const page = await live
      .fetch('message', '/urgent-messages', { limit: most })
      .catch(() => null);
    if (page) this.#told = page.results;
  }

  putAside(id: Id): void {
    this.#aside.set(
      id,
      setTimeout(() => this.#aside.delete(id), asideMilliseconds),
    );
  }

  listen(): () => void {
    const heard = (message: Message) => {
      const known = this.#told.some((each) => each.id === message.id);
      if (message.urgent && !known && message.author.id !== session.person?.id)
        void this.fetch();
    };
    live.onMessage.add(heard);
    return () => {
      live.onMessage.delete(heard);
      this.#aside.forEach(clearTimeout);
      this.#aside.clear();
      this.#told = [];
    };
  }
}

const isAcknowledged = (message: Message) =>
  live.mine('message', message.id)?.acknowledged ||
  live
    .list('acknowledgement')
    .some((each) => each.message === message.id && each.person.id === session.person?.id);

export const urgent = new Urgent();
