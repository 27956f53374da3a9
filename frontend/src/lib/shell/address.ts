/** What a list shows stands in its address: a link shows the same, and so does a reload. */
import { goto } from '$app/navigation';
import { page } from '$app/state';

let next: URL | null = null;

/** The address as it is, or as it will be in a moment: what is said before that goes on from there. */
export const address = (): typeof page.url | URL =>
  next?.pathname === page.url.pathname ? next : page.url;

/** Without a value it is said no more. */
export function sayInAddress(name: string, value: string): void {
  const url = new URL(address().href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  next = url;
  void goto(url.pathname + url.search, { replace: true, reset: false }).finally(() => {
    if (next === url) next = null;
  });
}
