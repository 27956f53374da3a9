import { session } from '#lib/api/session.svelte.ts';
import { firstLocale, speech } from '#lib/words/words.svelte.ts';

export const ssr = false;
export const prerender = false;

let begun: Promise<unknown> | null = null;

export async function load() {
  begun ??= Promise.all([speech.speak(firstLocale()), session.load()]);
  await begun;
}
