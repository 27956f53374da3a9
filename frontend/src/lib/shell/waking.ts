/** Whether this device may be woken, as the browser and the portal know it. */
import { api } from '#lib/api/http.ts';
import type { Waking } from '#lib/api/types.ts';
import { preferences } from './preferences.svelte.ts';

/** Offline, and where a browser's push service is not reached, `subscribe` never answers. */
const patienceMilliseconds = 10_000;

export type Permission = 'unsupported' | 'refused' | 'open' | 'allowed';

class TookTooLong extends Error {}

const isSupported = () =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

function permission(): Permission {
  if (!isSupported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'refused';
  return Notification.permission === 'granted' ? 'allowed' : 'open';
}

const fetchWaking = () => api.get<Waking>('/waking');

/** Asks the browser, which asks the person. */
async function allow(key: string): Promise<'woken' | 'refused' | 'unreached'> {
  if ((await Notification.requestPermission()) !== 'granted') return 'refused';
  try {
    await tell(await inTime(subscription(key)), false);
    return 'woken';
  } catch (thrown) {
    if (thrown instanceof TookTooLong || thrown instanceof DOMException) return 'unreached';
    throw thrown;
  }
}

async function stop(): Promise<void> {
  await api.delete('/waking/device');
  await (await existing())?.unsubscribe();
}

/** Whoever let this device be woken is back on it, maybe in another session; nobody is asked anything. */
async function renew(): Promise<void> {
  if (permission() !== 'allowed') return;
  try {
    const known = await existing();
    if (known) await tell(known, true);
  } catch {
    // The next time the app opens it is tried again.
  }
}

async function existing(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function subscription(key: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  // Made for another key of the portal, it is refused.
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function tell(known: PushSubscription, renew: boolean): Promise<unknown> {
  const { endpoint, keys } = known.toJSON();
  const form = { endpoint, public_key: keys?.['p256dh'], secret: keys?.['auth'] };
  return api.put('/waking/device', { ...form, neutral: preferences.neutral, renew });
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, fail) =>
    setTimeout(() => fail(new TookTooLong()), patienceMilliseconds),
  );
  return Promise.race([work, late]);
}

export const waking = { permission, fetch: fetchWaking, allow, stop, renew };
