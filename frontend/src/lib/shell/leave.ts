/** The three ways out: signing out, a session that ended, and leaving quickly. */
import { goto } from '$app/navigation';
import { signOut, signOutWhileLeaving } from '#lib/api/accounts.ts';
import { session } from '#lib/api/session.svelte.ts';
import { keep } from '#lib/keep/keep.svelte.ts';
import { outbox } from '#lib/keep/outbox.svelte.ts';
import { markForWipe } from '#lib/keep/vault.ts';
import { live } from '#lib/live/live.svelte.ts';
import { lock } from './lock.svelte.ts';
import { tellTabs, whenTabsSay } from './tabs.ts';

const neutralSite = 'https://www.wikipedia.org/';
const wipePatienceMilliseconds = 250;

whenTabsSay('leave', vanish);
// Where nobody was signed in there is nothing to close, and maybe something half written.
whenTabsSay('signed-out', () => (session.person || lock.locked) && closeHere());

/** Signs out, empties the page, leaves nothing in this tab's history entry, opens a neutral site. */
export async function leaveQuickly(): Promise<void> {
  signOutWhileLeaving();
  tellTabs('leave');
  await vanish();
}

async function vanish(): Promise<void> {
  blank();
  markForWipe();
  live.stop();
  outbox.stop();
  await Promise.race([
    keep.wipe().catch(() => undefined),
    new Promise((done) => setTimeout(done, wipePatienceMilliseconds)),
  ]);
  location.replace(neutralSite);
}

function blank(): void {
  document.title = '';
  document.documentElement.hidden = true;
  document.body.replaceChildren();
  // Coming back by the browser's memory of the page must not show it either.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}

/** Signs out on purpose: what was kept on this device goes first. */
export async function leave(): Promise<void> {
  live.stop();
  outbox.stop();
  await keep.wipe();
  await signOut();
  tellTabs('signed-out');
  session.clear();
  lock.end();
  await goto('/sign-in');
  await session.load();
}

/**
 * The portal refused this session: asks it once more. A locked one locks the screen; when nobody is signed
 * in any more, one goes to sign-in and later back to where one was. What was typed is kept.
 */
export function sessionRefused(): Promise<void> {
  refusal ??= askAgain().finally(() => (refusal = null));
  return refusal;
}

let refusal: Promise<void> | null = null;

async function askAgain(): Promise<void> {
  const had = session.person !== null || lock.locked;
  await session.load();
  if (session.problem) return;
  if (session.current?.locked) lock.hide();
  else if (had && !session.person) await closeHere();
}

async function closeHere(): Promise<void> {
  const here = location.pathname + location.search;
  live.stop();
  outbox.stop();
  await keep.close();
  session.clear();
  lock.end();
  await goto(signInAddress(here));
  await session.load();
}

export function signInAddress(next: string): string {
  return next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;
}

/** Where to go after sign-in: a path of this app, never another site. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/today';
}
