/** What is kept for the signed-in person: drafts per place, and messages not yet sent. */
import { newId } from '#lib/api/ids.ts';
import type { Id, PersonNamed, Session } from '#lib/api/types.ts';
import { rememberedId, type RememberedSession } from './remembered.ts';
import { Vault, wipeUnopened } from './vault.ts';

/** Where something is being typed, e.g. "channel:<id>" or "request:new". */
export type Place = string;

interface KeptDraft {
  type: 'draft';
  place: Place;
  value: unknown;
  at: number;
}

export interface Reply {
  id: Id;
  position: number;
}

export interface UnsentMessage {
  type: 'message';
  /** The client's id of the message: sent twice, it is still one message. */
  id: Id;
  channel: Id;
  body: string;
  /** Which message it replies to, and where that stands. */
  reply: Reply | null;
  mentions: PersonNamed[];
  /** Everybody there is woken until they have acknowledged it. */
  urgent: boolean;
  acting_for: Id | null;
  /** When it was written, in milliseconds; also its order. */
  at: number;
}

type Kept = KeptDraft | UnsentMessage | RememberedSession;

const writeDelayMilliseconds = 100;

class Keep {
  /** True once what was kept has been read. */
  ready = $state(false);
  /** False where nothing outlives a reload: the shell says so. */
  durable = $state(true);

  #vault: Vault | null = null;
  #opening: Promise<void> | null = null;
  /** Counts the times it was closed. */
  #turn = 0;
  #drafts = new Map<Place, { id: string; value: unknown }>();
  #timers = new Map<Place, ReturnType<typeof setTimeout>>();
  #unsent: UnsentMessage[] = [];

  open(person: Id): Promise<void> {
    this.#opening ??= this.#open(person);
    return this.#opening;
  }

  async #open(person: Id): Promise<void> {
    const turn = this.#turn;
    const vault = await Vault.open(person);
    const found = await vault.all();
    // Closed before it was open: nobody is here any more, or somebody else.
    if (turn !== this.#turn) {
      await vault.delete(rememberedId);
      return vault.close();
    }
    for (const [id, value] of found) {
      const kept = value as Kept;
      if (kept.type === 'draft') this.#drafts.set(kept.place, { id, value: kept.value });
      else if (kept.type === 'message') this.#unsent.push(kept);
    }
    this.#unsent.sort((one, other) => one.at - other.at);
    this.#vault = vault;
    this.durable = vault.durable;
    this.ready = true;
    addEventListener('pagehide', this.#leaving);
  }

  /** The draft of a place; await `open` first (the shell has, for every screen inside). */
  draft<T>(place: Place): T | null {
    return (this.#drafts.get(place)?.value as T | undefined) ?? null;
  }

  /** Keeps what is typed; written a moment after the last key. */
  keepDraft(place: Place, value: unknown): void {
    const id = this.#drafts.get(place)?.id ?? newId();
    this.#drafts.set(place, { id, value });
    clearTimeout(this.#timers.get(place));
    this.#timers.set(
      place,
      setTimeout(() => void this.#write(place), writeDelayMilliseconds),
    );
  }

  dropDraft(place: Place): void {
    clearTimeout(this.#timers.get(place));
    this.#timers.delete(place);
    const known = this.#drafts.get(place);
    this.#drafts.delete(place);
    if (known) void this.#vault?.delete(known.id);
  }

  unsent(): UnsentMessage[] {
    return this.#unsent;
  }

  async keepMessage(message: UnsentMessage): Promise<void> {
    await this.#vault?.put(message.id, message);
  }

  async dropMessage(id: Id): Promise<void> {
    await this.#vault?.delete(id);
  }

  /** Who is signed in, so that the app opens for them without the portal. */
  async remember(session: Session): Promise<void> {
    const kept: RememberedSession = { type: 'session', session, at: Date.now() };
    await this.#vault?.put(rememberedId, kept);
  }

  /** The session ended by itself: what is kept waits for the same person to return. */
  async close(): Promise<void> {
    const written = this.#flush();
    const vault = this.#letGo();
    await written;
    await vault?.settled();
    await vault?.delete(rememberedId);
    vault?.close();
  }

  /** Wipes everything, the key first. */
  async wipe(): Promise<void> {
    const vault = this.#letGo();
    await (vault ? vault.wipe() : wipeUnopened());
  }

  #letGo(): Vault | null {
    this.#turn += 1;
    removeEventListener('pagehide', this.#leaving);
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#drafts.clear();
    this.#unsent = [];
    this.ready = false;
    const vault = this.#vault;
    this.#vault = null;
    this.#opening = null;
    return vault;
  }

  async #write(place: Place): Promise<void> {
    clearTimeout(this.#timers.get(place));
    this.#timers.delete(place);
    const known = this.#drafts.get(place);
    if (!known) return;
    const kept: KeptDraft = { type: 'draft', place, value: known.value, at: Date.now() };
    await this.#vault?.put(known.id, kept);
  }

  #leaving = (): void => void this.#flush();

  #flush = async (): Promise<void> => {
    await Promise.all([...this.#timers.keys()].map((place) => this.#write(place)));
  };
}

export const keep = new Keep();
