import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { markForWipe, Vault } from './vault.ts';

const storage = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => storage.get(key) ?? null,
  setItem: (key: string, value: string) => storage.set(key, value),
  removeItem: (key: string) => storage.delete(key),
});

let person = '';
beforeEach(() => {
  storage.clear();
  person = crypto.randomUUID();
});

async function raw(store: 'keys' | 'kept') {
  const database = await openDB(`concord-${person}`);
  const rows = await database.getAll(store);
  database.close();
  return rows;
}

describe('the vault', () => {
  it('gives back after a reload what was kept', async () => {
    const vault = await Vault.open(person);
    await vault.put('a', { text: 'six beds' });
    await vault.put('b', ['x']);
    await vault.delete('b');
    expect(vault.durable).toBe(true);
    expect(await (await Vault.open(person)).all()).toEqual(
      new Map([['a', { text: 'six beds' }]]),
    );
  });

  it('has written what was being written, once it says so', async () => {
    const vault = await Vault.open(person);
    void vault.put('a', 'typed a moment ago');
    await vault.settled();
    vault.close();
    expect(await (await Vault.open(person)).all()).toEqual(
      new Map([['a', 'typed a moment ago']]),
    );
  });

  it('keeps nothing in clear, under a key that cannot be exported', async () => {
    const vault = await Vault.open(person);
    await vault.put('a', { text: 'quiet room' });
    const [sealed] = await raw('kept');
    const bytes = Buffer.from(sealed.data).toString('latin1') + JSON.stringify(sealed);
    expect(bytes).not.toContain('quiet room');
    const [key] = await raw('keys');
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('uses a fresh initialisation vector for every write', async () => {
    const vault = await Vault.open(person);
    await vault.put('a', 'same');
    const [first] = await raw('kept');
    await vault.put('a', 'same');
    const [second] = await raw('kept');
    expect(Buffer.from(first.iv).equals(Buffer.from(second.iv))).toBe(false);
  });

  it('is empty after a wipe, and cannot be written by what was left running', async () => {
    const vault = await Vault.open(person);
    await vault.put('a', 'gone');
    await vault.wipe();
    await vault.put('late', 'gone too');
    expect(await (await Vault.open(person)).all()).toEqual(new Map());
  });

  it('finishes a wipe that a closed page had only begun', async () => {
    const vault = await Vault.open(person);
    await vault.put('a', 'gone');
    markForWipe();
    expect(await (await Vault.open(person)).all()).toEqual(new Map());
  });

  it('drops what is dropped while it is still on its way to the store', async () => {
    const vault = await Vault.open(person);
    const written = vault.put('a', { text: 'sent a moment later' });
    await vault.delete('a');
    await written;
    expect(await raw('kept')).toEqual([]);
  });

  it('lets a wipe in another tab go on while it is being opened', async () => {
    const generate = crypto.subtle.generateKey.bind(crypto.subtle);
    let wiped: Promise<Event> | undefined;
    vi.spyOn(crypto.subtle, 'generateKey').mockImplementationOnce(async () => {
      const request = indexedDB.deleteDatabase(`concord-${person}`);
      wiped = new Promise((done) => (request.onsuccess = request.onblocked = done));
      expect((await wiped).type).toBe('success');
      return generate({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    });
    await Vault.open(person);
    expect((await wiped)?.type).toBe('success');
  });

  it('keeps people apart', async () => {
    await (await Vault.open(person)).put('a', 'mine');
    expect(await (await Vault.open(crypto.randomUUID())).all()).toEqual(new Map());
  });

  it('drops a record it cannot read', async () => {
    const vault = await Vault.open(person);
    await vault.put('a', 'fine');
    const database = await openDB(`concord-${person}`);
    await database.put('kept', { iv: new Uint8Array(12), data: new ArrayBuffer(20) }, 'broken');
    database.close();
    expect([...(await vault.all()).keys()]).toEqual(['a']);
    expect(await raw('kept')).toHaveLength(1);
  });
});
