/** What leaves the portal of this person's dates. */
import { api, apiBase } from '#lib/api/http.ts';
import type { components } from '#lib/api/schema.gen.ts';
import type { Id } from '#lib/api/types.ts';

type Schemas = components['schemas'];
export type CalendarFeed = Schemas['CalendarFeed'];
export type NewCalendarFeed = Schemas['NewCalendarFeed'];
export type CalendarPreferences = Schemas['CalendarPreferences'];
export type Shows = CalendarFeed['shows'];

export const shows: readonly Shows[] = ['registered', 'invited'];
export const reminders: readonly CalendarPreferences['reminders'][] = [
  'none',
  'day',
  'hour',
  'both',
];
export const mails: readonly CalendarPreferences['mail'][] = [
  'none',
  'without_title',
  'with_title',
];

export const feeds = () => api.get<Schemas['CalendarFeeds']>('/calendar-feeds');
export const makeFeed = (name: string, of: Shows) =>
  api.post<NewCalendarFeed>('/calendar-feeds', { name, shows: of });
export const revokeFeed = (id: Id) => api.delete(`/calendar-feeds/${id}`);

export const preferences = () => api.get<CalendarPreferences>('/calendar-preferences');
export const choose = (chosen: CalendarPreferences) =>
  api.put<CalendarPreferences>('/calendar-preferences', chosen);

/** Where the file of one date lies. */
export const fileAddress = (occurrence: Id) => `${apiBase}/occurrences/${occurrence}/calendar`;

/** Opened, it hands the address to the device's own calendar. */
export const webcal = (address: string) => address.replace(/^https?:/, 'webcal:');
