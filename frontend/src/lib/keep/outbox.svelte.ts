/**
 * Sends every message exactly once: kept before it is sent, under an id of the client's making,
 * until the portal acknowledges it on the socket or over REST, or it is seen in the channel.
 */
import { api } from '#lib/api/http.ts';
import { newId } from '#lib/api/ids.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { Detailed, Id, Message, MessageMine } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';
import { keep, type UnsentMessage } from './keep.svelte.ts';
import { Queue, type Queued } from './queue.ts';

const patienceMilliseconds = 10_000;
const retryMilliseconds = 5_000;
const longestWaitSeconds = 30 * 24 * 60 * 60;

/** What somebody writes. */
export type Written = Pick<UnsentMessage, 'body' | 'reply' | 'mentions' | 'urgent'>;

/** The device's clock may be wrong, but not about how long a message has waited. */
const secondsSince = (at: number) =>
  Math.min(longestWaitSeconds, Math.max(0, Math.floor((Date.now() - at) / 1000)));

const asSaid = ({ id, body, acting_for, reply, mentions, urgent, at }: UnsentMessage) => ({
  id,
  body,
  acting_for,
  reply_to: reply?.id ?? null,
  mentions: mentions.map((person) => person.id),
  urgent,
  waited: secondsSince(at),
});

class Outbox {
  #queue = new Queue();
  items = $state.raw<readonly Queued[]>([]);
  #timers = new Map<Id, ReturnType<typeof setTimeout>>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #started = false;

  /** Takes up what was kept over a reload; call when `keep` is open. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const message of keep.unsent()) this.#queue.add(message);
    live.onAck.add(this.#acknowledged);
    live.onRefusal.add(this.#refused);
    live.onMessage.add(this.#seen);
    live.onWelcome.add(this.#resend);
    addEventListener('online', this.#resend);
    this.#pump();
  }

  stop(): void {
    this.#started = false;
    live.onAck.delete(this.#acknowledged);
    live.onRefusal.delete(this.#refused);
    live.onMessage.delete(this.#seen);
    live.onWelcome.delete(this.#resend);
    removeEventListener('online', this.#resend);
    clearTimeout(this.#retry);
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#queue.clear();
    this.#show();
  }

  /** Messages of a channel that the portal has not acknowledged, oldest first. */
  of(channel: Id): Queued[] {
    return this.items.filter((item) => item.channel === channel);
  }

  get failed(): Queued[] {
    return this.items.filter((item) => item.state === 'failed');
  }

  /** Resolves when the message is kept on this device; sending goes on by itself. */
  async send(channel: Id, written: Written, actingFor: Id | null): Promise<void> {
    const last = this.items.at(-1)?.at ?? 0;
    const message: UnsentMessage = {
      ...written,
      type: 'message',
      id: newId(),
      channel,
      acting_for: actingFor,
      at: Math.max(Date.now(), last + 1),
    };
    this.#queue.add(message);
    this.#show();
    await keep.keepMessage(message);
    this.#pump();
  }

  retry(id: Id): void {
    this.#queue.wait(id);
    this.#pump();
  }

  /** Takes a message back before the portal has it; returns what was written. */
  discard(id: Id): Written | null {
    const written = this.items.find((item) => item.id === id) ?? null;
    this.#done(id);
    return written;
  }

  #pump(): void {
    for (const item of this.#queue.due()) {
      this.#queue.sending(item.id);
      const { id, channel } = item;
      if (
        live.connection.state === 'live' &&
        live.connection.send({ type: 'send', channel, ...asSaid(item) })
      ) {
        this.#timers.set(
          id,
          setTimeout(() => void this.#post(item), patienceMilliseconds),
        );
      } else {
        void this.#post(item);
      }
    }
    this.#show();
  }

  async #post(item: Queued): Promise<void> {
    const { id, channel } = item;
    try {
      await live.take(
        'message',
        api.post<Detailed<Message, MessageMine>>(`/channels/${channel}/messages`, asSaid(item)),
      );
      this.#done(id);
    } catch (thrown) {
      this.#failed(id, asProblem(thrown));
    }
  }

  #failed(id: Id, problem: Problem): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const later =
      problem.unreachable ||
      problem.status === 429 ||
      problem.status === 401 ||
      problem.status >= 500;
    if (later) {
      this.#queue.wait(id);
      clearTimeout(this.#retry);
      this.#retry = setTimeout(
        () => this.#pump(),
        (problem.retryAfter ?? 0) * 1000 || retryMilliseconds,
      );
    } else {
      this.#queue.fail(id, problem);
    }
    this.#show();
  }

  #done(id: Id): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    if (!this.#queue.remove(id)) return;
    this.#show();
    void keep.dropMessage(id);
    this.#pump();
  }

  #show(): void {
    this.items = this.#queue.items;
  }

  #acknowledged = (id: Id): void => this.#done(id);
  #refused = (id: Id, problem: Problem): void => {
    if (this.items.some((item) => item.id === id)) this.#failed(id, problem);
  };
  #seen = (message: Message): void => this.#done(message.client_id);
  #resend = (): void => {
    this.#queue.waitAll();
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#pump();
  };
}

export const outbox = new Outbox();
