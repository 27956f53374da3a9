import { redirect } from '@sveltejs/kit';

/** The address that mails name. */
export function load() {
  redirect(307, '/sign-in?forgotten');
}
