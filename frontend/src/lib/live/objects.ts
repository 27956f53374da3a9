/**
 * Everything this client has been shown, by kind and id. Pure: no network, no framework.
 *
 * An object keeps its highest version, and the audiences it came by. Data of an object that no
 * known audience carries any more is dropped at once and the object is reported as an orphan, to
 * be asked for once over REST. Answers that were asked for before a loss never bring it back.
 */
import type { Id, Kind, Versioned } from '#lib/api/types.ts';
import type { ChangeItem } from './protocol.ts';

export interface Reference {
  kind: Kind;
  id: Id;
}

interface Entry {
  version: number;
  data: Versioned | null;
  audiences: Set<Id>;
  /** Deleted for good: nothing of this version or an older one brings it back. */
  deleted: boolean;
  /** The moment access was lost; answers to questions asked before it are stale. */
  lostAt: number;
}

interface Mine {
  told: unknown;
  /** The version it was told of, and when it was asked for: what is older comes too late. */
  version: number;
  asked: number;
}

export class ObjectTable {
  #kinds = new Map<Kind, Map<Id, Entry>>();
  #mine = new Map<string, Mine>();
  #moment = 0;
  /** The moment everything was forgotten: whatever was asked for before it is somebody else's. */
  #clearedAt = 0;
  #changed: (kind: Kind) => void;

  /** @param changed called with the kind whenever something of it changed */
  constructor(changed: (kind: Kind) => void = () => undefined) {
    this.#changed = changed;
  }

  /** Take this before asking over REST and hand it to `putFetched` with the answer. */
  ask(): number {
    return ++this.#moment;
  }

  get(kind: Kind, id: Id): Versioned | null {
    return this.#kinds.get(kind)?.get(id)?.data ?? null;
  }

  list(kind: Kind): Versioned[] {
    const found: Versioned[] = [];
    for (const entry of this.#kinds.get(kind)?.values() ?? []) {
      if (entry.data) found.push(entry.data);
    }
    return found;
  }

  mine(kind: Kind, id: Id): unknown {
    return this.#mine.get(`${kind} ${id}`)?.told;
  }

  /**
   * @param asked the moment of the question, as for `putFetched`
   * @param version of the object that it came with
   * @param writes it was no question: what it did counts from its answer on, for what was read meanwhile may be from before
   */
  setMine(
    kind: Kind,
    id: Id,
    told: unknown,
    asked: number,
    version = -1,
    writes = false,
  ): void {
    if (this.#entry(kind, id).lostAt > asked) return;
    if (writes) asked = this.ask();
    const held = this.#mine.get(`${kind} ${id}`);
    if (held && (held.version - version || held.asked - asked) > 0) return;
    this.#mine.set(`${kind} ${id}`, { told, version, asked });
    this.#changed(kind);
  }

  /** What is mine about this version is not known yet; what comes of older ones does not tell it. */
  loseMine(kind: Kind, id: Id, version: number): void {
    this.#mine.set(`${kind} ${id}`, { told: undefined, version, asked: 0 });
    this.#changed(kind);
  }

  loseAllMine(kind: Kind): void {
    for (const id of this.#kinds.get(kind)?.keys() ?? []) this.#mine.delete(`${kind} ${id}`);
    this.#changed(kind);
  }

  audiencesOf(kind: Kind, id: Id): ReadonlySet<Id> {
    return this.#kinds.get(kind)?.get(id)?.audiences ?? new Set();
  }

  /** Takes an object out of a REST answer. Returns whether it is news. */
  putFetched(kind: Kind, data: Versioned, asked: number): boolean {
    const entry = this.#entry(kind, data.id);
    if (entry.lostAt > asked) return false;
    return this.#store(kind, entry, data);
  }

  /** Applies one live change. Returns a reference when nothing is left that carries the object. */
  apply(audience: Id, item: ChangeItem): Reference | null {
    const entry = this.#entry(item.kind, item.subject);
    if (item.op === 'deleted') {
      this.#delete(item.kind, item.subject, entry, item.version);
      return null;
    }
    if (item.op === 'unshared') return this.#withdraw(item.kind, item.subject, entry, audience);
    entry.audiences.add(audience);
    if (!item.data) return entry.data ? null : { kind: item.kind, id: item.subject };
    this.#store(item.kind, entry, item.data);
    return null;
  }

  /**
   * Drops an audience from every object. Returns those to be asked for: the ones left without an
   * audience (their data is gone already), and the ones that were only ever fetched, of which it
   * is not known what carried them.
   */
  revoke(audience: Id): Reference[] {
    const orphans: Reference[] = [];
    for (const [kind, entries] of this.#kinds) {
      for (const [id, entry] of entries) {
        const orphan = this.#withdraw(kind, id, entry, audience);
        if (orphan) orphans.push(orphan);
      }
    }
    return orphans;
  }

  version(kind: Kind, id: Id): number {
    return this.#kinds.get(kind)?.get(id)?.version ?? -1;
  }

  /**
   * The portal says this person may not see it (404): its data goes, a later grant may return it.
   * @param version what was held when it was asked; a newer one that came meanwhile stays
   */
  lose(kind: Kind, id: Id, version: number): void {
    const entry = this.#kinds.get(kind)?.get(id);
    if (entry?.data && entry.version <= version) this.#forget(kind, id, entry);
  }

  /** Drops all of a kind that matches, e.g. the messages of a channel that was left. */
  loseWhere(kind: Kind, matches: (data: Versioned) => boolean): void {
    for (const [id, entry] of this.#kinds.get(kind) ?? []) {
      if (entry.data && matches(entry.data)) this.#forget(kind, id, entry);
    }
  }

  references(kinds: readonly Kind[]): Reference[] {
    return kinds.flatMap((kind) => this.list(kind).map((data) => ({ kind, id: data.id })));
  }

  clear(): void {
    const kinds = [...this.#kinds.keys()];
    this.#kinds.clear();
    this.#mine.clear();
    this.#clearedAt = ++this.#moment;
    kinds.forEach(this.#changed);
  }

  #entry(kind: Kind, id: Id): Entry {
    let entries = this.#kinds.get(kind);
    if (!entries) this.#kinds.set(kind, (entries = new Map()));
    let entry = entries.get(id);
    if (!entry) {
      const lostAt = this.#clearedAt;
      entry = { version: -1, data: null, audiences: new Set(), deleted: false, lostAt };
      entries.set(id, entry);
    }
    return entry;
  }

  #store(kind: Kind, entry: Entry, data: Versioned): boolean {
    if (data.version < entry.version) return false;
    if (data.version === entry.version && (entry.deleted || entry.data)) return false;
    entry.version = data.version;
    entry.data = data;
    entry.deleted = false;
    this.#changed(kind);
    return true;
  }

  #delete(kind: Kind, id: Id, entry: Entry, version: number): void {
    if (version < entry.version) return;
    entry.version = version;
    entry.deleted = true;
    entry.audiences.clear();
    this.#forget(kind, id, entry);
  }

  #withdraw(kind: Kind, id: Id, entry: Entry, audience: Id): Reference | null {
    const carried = entry.audiences.delete(audience);
    if (entry.audiences.size > 0 || entry.deleted) return null;
    // Something only ever fetched may well be visible another way: it stays while it is asked for.
    if (carried) this.#forget(kind, id, entry);
    return carried || entry.data ? { kind, id } : null;
  }

  #forget(kind: Kind, id: Id, entry: Entry): void {
    entry.data = null;
    entry.lostAt = ++this.#moment;
    this.#mine.delete(`${kind} ${id}`);
    this.#changed(kind);
  }
}
