import { session } from '#lib/api/session.svelte.ts';
import { forgetSession, recallSession } from '#lib/keep/remembered.ts';
import { lock } from '#lib/shell/lock.svelte.ts';
import { areasOf } from '#lib/words/areas.ts';
import { firstLocale, speech } from '#lib/words/words.svelte.ts';

export const ssr = false;
export const prerender = false;

let begun: Promise<unknown> | null = null;

export async function load({ route }) {
  begun ??= Promise.all([speech.speak(firstLocale()), begin()]);
  await Promise.all([begun, speech.learn(areasOf(route.id))]);
}

/** Without the portal, the app opens for who was signed in; the portal decides again once it answers. */
async function begin() {
  await lock.recall();
  await session.load();
  if (session.current?.locked || lock.locked) return lock.hide();
  if (session.current) return session.person ? undefined : forgetSession();
  const recalled = session.problem?.unreachable ? await recallSession() : null;
  if (recalled) session.adopt(recalled);
}
