/** The places of the app, in the order of the rail. */
import type { Key } from '#lib/words/words.svelte.ts';

export interface Place {
  path:
    '/today' | '/requests' | '/resources' | '/events' | '/messages' | '/groups' | '/settings';
  label: Key;
  /** Pressed after "g". */
  key: string;
}

export const places: readonly Place[] = [
  { path: '/today', label: 'place.today', key: 't' },
  { path: '/requests', label: 'place.requests', key: 'r' },
  { path: '/resources', label: 'place.resources', key: 'o' },
  { path: '/events', label: 'place.events', key: 'e' },
  { path: '/messages', label: 'place.messages', key: 'm' },
  { path: '/groups', label: 'place.groups', key: 'g' },
  { path: '/settings', label: 'place.settings', key: 's' },
];
