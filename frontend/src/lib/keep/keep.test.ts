import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { keep } from './keep.svelte.ts';

const storage = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => storage.get(key) ?? null,
  setItem: (key: string, value: string) => storage.set(key, value),
  removeItem: (key: string) => storage.delete(key),
});
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('removeEventListener', () => undefined);

let person = '';
beforeEach(async () => {
  person = crypto.randomUUID();
  await keep.open(person);
  keep.keepDraft('request:new', 'two beds');
  await keep.close();
});

it('gives the same person back what was typed', async () => {
  await keep.open(person);
  expect(keep.draft('request:new')).toBe('two beds');
  await keep.close();
});

it('stays closed when it is closed before it is open', async () => {
  const opening = keep.open(person);
  await keep.close();
  await opening;
  expect(keep.ready).toBe(false);
  expect(keep.draft('request:new')).toBeNull();
});

it('mixes nothing of who was there before into what is whose now', async () => {
  const opening = keep.open(person);
  await keep.close();
  await keep.open(crypto.randomUUID());
  await opening;
  expect(keep.ready).toBe(true);
  expect(keep.draft('request:new')).toBeNull();
  await keep.close();
});
