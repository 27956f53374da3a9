import { redirect } from '@sveltejs/kit';
import { session } from '#lib/api/session.svelte.ts';
import { signInAddress } from '#lib/shell/leave.ts';
import { lock } from '#lib/shell/lock.svelte.ts';

/** Only somebody who is signed in gets further; when the portal cannot be reached, the layout says so. */
export async function load({ parent, url }) {
  await parent();
  if (!session.current || lock.locked) return;
  if (!session.person) redirect(307, signInAddress(url.pathname + url.search));
  if (session.awaitsSecondFactor) redirect(307, '/second-factor');
}
