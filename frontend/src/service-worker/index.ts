/**
 * Opens the app without a connection: keeps its page and its built files, and nothing else. What
 * the portal answers is never kept here. Shows that something waits, which says no more than that.
 */
import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { self } from '$app/service-worker';

const prefix = 'concord-app-';
const page = '/200.html';
const data = /^\/(api|_allauth)\//;
const files = new Set(
  [...immutable, ...assets].map(({ path }) => `/${path.replace(/^\//, '')}`),
);

const opened = () => caches.open(prefix + version);

async function discardOlder(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  await Promise.all(
    names.filter((name) => name !== prefix + version).map((name) => caches.delete(name)),
  );
}

async function answer(
  request: Request,
  kept: string,
  networkFirst: boolean,
): Promise<Response> {
  const known = await (await opened()).match(kept);
  if (!networkFirst) return known ?? fetch(request);
  try {
    const response = await fetch(request);
    return response.status < 500 ? response : (known ?? response);
  } catch {
    return known ?? Response.error();
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(opened().then((cache) => cache.addAll([page, ...files])));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(discardOlder().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || data.test(pathname))
    return;
  if (request.mode === 'navigate') event.respondWith(answer(request, page, true));
  else if (files.has(pathname)) event.respondWith(answer(request, pathname, false));
});

interface Told {
  name: string;
  text: string;
  neutral: boolean;
}

self.addEventListener('push', (event) => {
  const { name, text, neutral } = (event.data?.json() ?? {}) as Partial<Told>;
  const icon = `/icon${neutral ? '-neutral' : ''}.svg`;
  // Ten that come stand there as one, and the last of them is heard again.
  const looks = { body: text ?? '', icon, tag: 'waiting', renotify: true };
  event.waitUntil(self.registration.showNotification(name ?? 'Notes', looks));
});

async function openToday(): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [open] = windows;
  if (!open) return void (await self.clients.openWindow('/today'));
  await open.focus();
  await open.navigate('/today');
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openToday());
});
