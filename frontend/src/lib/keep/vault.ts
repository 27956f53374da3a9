/**
 * What a person typed and has not sent, kept on this device, encrypted.
 *
 * Each record is AES-GCM under a key that cannot be exported; nothing about it is in clear but how
 * many there are. Where the browser offers no cryptography (plain http on another host), or no
 * database, things are kept in memory only and `durable` says so.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  kept: { key: string; value: Sealed };
}

const prefix = 'concord-';
const wipeMark = 'concord.wipe';
const keyName = 'vault';

export class Vault {
  readonly durable: boolean;
  #database: IDBPDatabase<Schema> | null;
  #key: CryptoKey | null;
  #memory = new Map<string, unknown>();
  #writing = new Set<Promise<void>>();

  private constructor(database: IDBPDatabase<Schema> | null, key: CryptoKey | null) {
    this.#database = database;
    this.#key = key;
    this.durable = database !== null && key !== null;
  }

  /** Opens what this person keeps on this device, making a key at the first time. */
  static async open(person: string): Promise<Vault> {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return new Vault(null, null);
    await finishWipe();
    let vault: Vault | undefined;
    try {
      const database = await openDB<Schema>(prefix + person, 1, {
        upgrade(upgrading) {
          upgrading.createObjectStore('keys');
          upgrading.createObjectStore('kept');
        },
        // Another tab signed out and wipes: let go, or it would wait for this one.
        blocking: (_now, _wanted, { target }) => {
          (target as IDBDatabase).close();
          vault?.close();
        },
      });
      vault = new Vault(database, await keyOf(database));
      return vault;
    } catch {
      return new Vault(null, null);
    }
  }

  /** Who keeps something on this device. */
  static async people(): Promise<string[]> {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return [];
    await finishWipe();
    return (await ours()).map((name) => name.slice(prefix.length));
  }

  /** Lets go of the database; what is kept stays on the device. */
  close(): void {
    this.#database?.close();
    this.#database = null;
    this.#key = null;
  }

  put(id: string, value: unknown): Promise<void> {
    const written = this.#put(id, value).finally(() => this.#writing.delete(written));
    this.#writing.add(written);
    return written;
  }

  /** What is being written is written; before this the database must not be let go of. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing);
  }

  async #put(id: string, value: unknown): Promise<void> {
    this.#memory.set(id, value);
    if (!this.#database || !this.#key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const clear = new TextEncoder().encode(JSON.stringify(value));
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, clear);
    // Dropped or written anew while it was encrypted: a draft that was sent must not be there again.
    if (this.#memory.get(id) !== value) return;
    await this.#database?.put('kept', { iv, data }, id);
  }

  async delete(id: string): Promise<void> {
    this.#memory.delete(id);
    await this.#database?.delete('kept', id);
  }

  /** All records; one that cannot be read any more is dropped. */
  async all(): Promise<Map<string, unknown>> {
    if (!this.#database || !this.#key) return new Map(this.#memory);
    const found = new Map<string, unknown>();
    const ids = await this.#database.getAllKeys('kept');
    for (const id of ids) {
      const sealed = await this.#database.get('kept', id);
      if (!sealed) continue;
      try {
        const { iv, data } = sealed;
        const clear = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.#key, data);
        found.set(id, JSON.parse(new TextDecoder().decode(clear)));
      } catch {
        await this.#database.delete('kept', id);
      }
    }
    return found;
  }

  /** The key goes first: what might remain of the rest is unreadable. */
  async wipe(): Promise<void> {
    markForWipe();
    this.#memory.clear();
    this.#key = null;
    await this.#database?.clear('keys');
    this.close();
    await finishWipe();
  }
}

async function keyOf(database: IDBPDatabase<Schema>): Promise<CryptoKey> {
  const known = await database.get('keys', keyName);
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  // Two tabs may come here at once: the first key written is everybody's.
  const transaction = database.transaction('keys', 'readwrite');
  const first = await transaction.store.get(keyName);
  if (!first) await transaction.store.put(made, keyName);
  await transaction.done;
  return first ?? made;
}

/** Noted before the work begins: a page closed half-way finishes the wipe when it opens again. */
export function markForWipe(): void {
  localStorage.setItem(wipeMark, '1');
}

/** Where the screen is locked nobody's vault is open, and it goes all the same. */
export async function wipeUnopened(): Promise<void> {
  markForWipe();
  await finishWipe();
}

async function finishWipe(): Promise<void> {
  if (!globalThis.indexedDB || !localStorage.getItem(wipeMark)) return;
  await Promise.all((await ours()).map(remove));
  localStorage.removeItem(wipeMark);
}

async function ours(): Promise<string[]> {
  const databases = (await indexedDB.databases?.()) ?? [];
  return databases.map((each) => each.name ?? '').filter((name) => name.startsWith(prefix));
}

function remove(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
