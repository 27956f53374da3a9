/** The places of the app, in the order of the rail. */
import type { Key } from '#lib/words/words.svelte.ts';

export interface Place {
  path:
    | '/today'
    | '/requests'
    | '/resources'
    | '/events'
    | '/messages'
    | '/groups'
    | '/directory'
    | '/settings';
  label: Key;
  /** Pressed after "g". */
  key: string;
  /** Not in the bar of a phone, which is narrow: the way there is on this place's list. */
  by?: '/groups';
}

export const places: readonly Place[] = [
  { path: '/today', label: 'place.today', key: 't' },
  { path: '/requests', label: 'place.requests', key: 'r' },
  { path: '/resources', label: 'place.resources', key: 'o' },
  { path: '/events', label: 'place.events', key: 'e' },
  { path: '/messages', label: 'place.messages', key: 'm' },
  { path: '/groups', label: 'place.groups', key: 'g' },
  { path: '/directory', label: 'place.directory', key: 'd', by: '/groups' },
  { path: '/settings', label: 'place.settings', key: 's' },
];
