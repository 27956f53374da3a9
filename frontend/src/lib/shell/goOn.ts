/** Leads on to what has come of something, but fetches nobody back who went elsewhere meanwhile. */
import { goto } from '$app/navigation';
import { navigating, page } from '$app/state';

/** Call it where it begins, and what it returns when it is done. */
export function goingOn(): typeof goto {
  const here = page.url.pathname;
  return async (...to) => {
    if (page.url.pathname === here && !navigating.to) await goto(...to);
  };
}
