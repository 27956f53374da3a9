/**
 * Messages on their way out, in the order they were written, one at a time per channel. Pure: it
 * decides what to send next, the outbox sends.
 */
import type { Problem } from '#lib/api/problem.ts';
import type { Id } from '#lib/api/types.ts';
import type { UnsentMessage } from './keep.svelte.ts';

export interface Queued extends UnsentMessage {
  /** waiting: to be sent; sending: the answer is awaited; failed: refused, the person decides. */
  state: 'waiting' | 'sending' | 'failed';
  problem: Problem | null;
}

export class Queue {
  #items: Queued[] = [];

  get items(): readonly Queued[] {
    return this.#items;
  }

  add(message: UnsentMessage): void {
    if (this.#items.some((item) => item.id === message.id)) return;
    const queued: Queued = { ...message, state: 'waiting', problem: null };
    this.#items = [...this.#items, queued].sort((one, other) => one.at - other.at);
  }

  /** The first message of each channel, unless one of that channel is on its way or refused. */
  due(): Queued[] {
    const first = new Map<Id, Queued>();
    for (const item of this.#items) {
      if (!first.has(item.channel)) first.set(item.channel, item);
    }
    return [...first.values()].filter((item) => item.state === 'waiting');
  }

  sending(id: Id): void {
    this.#set(id, { state: 'sending', problem: null });
  }

  /** No answer came: it stays first in line. */
  wait(id: Id): void {
    this.#set(id, { state: 'waiting', problem: null });
  }

  /** The connection was lost: whatever was on its way is sent again under the same id. */
  waitAll(): void {
    for (const item of this.#items) if (item.state === 'sending') this.wait(item.id);
  }

  fail(id: Id, problem: Problem): void {
    this.#set(id, { state: 'failed', problem });
  }

  /** Acknowledged, seen in the channel, or discarded. */
  remove(id: Id): boolean {
    const before = this.#items.length;
    this.#items = this.#items.filter((item) => item.id !== id);
    return this.#items.length < before;
  }

  clear(): void {
    this.#items = [];
  }

  #set(id: Id, change: Partial<Queued>): void {
    this.#items = this.#items.map((item) => (item.id === id ? { ...item, ...change } : item));
  }
}
