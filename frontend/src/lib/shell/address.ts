/** What a list shows stands in its address: a link shows the same, and so does a reload. */
import { goto } from '$app/navigation';
import { page } from '$app/state';

/** Without a value it is said no more. */
export function sayInAddress(name: string, value: string): void {
  const url = new URL(page.url.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  void goto(url.pathname + url.search, { replace: true, reset: false });
}
