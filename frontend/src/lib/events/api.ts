/** Writes about events, their dates and who comes; each answer of the portal goes into the live store. */
import { api } from '#lib/api/http.ts';
import type {
  DateChange,
  Detailed,
  EventChange,
  EventForm,
  EventMine,
  FollowingChange,
  Id,
  Mine,
  Occurrence,
  OccurrenceMine,
  PlannedEvent,
  Registration,
  SharingForm,
  Whereabouts,
  WhereaboutsForm,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

type Event = Detailed<PlannedEvent, EventMine>;
type OneDate = Detailed<Occurrence, OccurrenceMine>;

export const postEvent = (form: EventForm, key: Id) =>
  live.take('event', api.post<Event>('/events', form, { key }));

export const changeEvent = (id: Id, change: EventChange, version: number) =>
  live.take('event', api.patch<Event>(`/events/${id}`, change, version));

export const cancelEvent = (id: Id) =>
  live.take('event', api.post<Event>(`/events/${id}/cancel`));

export const publish = (id: Id) => live.take('event', api.post<Event>(`/events/${id}/publish`));

export const unpublish = (id: Id) =>
  live.take('event', api.post<Event>(`/events/${id}/unpublish`));

export const shareEvent = (id: Id, form: SharingForm) =>
  live.take('event', api.post<Event>(`/events/${id}/share`, form));

export const unshareEvent = (id: Id, audience: Id) =>
  live.take('event', api.post<Event>(`/events/${id}/unshare`, { shared_with: audience }));

export const sayWhere = (event: Id, form: WhereaboutsForm) =>
  live.take(
    'whereabouts',
    api.post<Detailed<Whereabouts, Mine>>(`/events/${event}/whereabouts`, form),
  );

export const changeWhereabouts = (
  id: Id,
  { text, shown_to }: Omit<WhereaboutsForm, 'what'>,
  version: number,
) =>
  live.take(
    'whereabouts',
    api.patch<Detailed<Whereabouts, Mine>>(`/whereabouts/${id}`, { text, shown_to }, version),
  );

export const removeWhereabouts = (id: Id) => api.delete(`/whereabouts/${id}`);

export const changeDate = (id: Id, change: DateChange, version: number) =>
  live.take('occurrence', api.patch<OneDate>(`/occurrences/${id}`, change, version));

/** The event that goes on from this date. */
export const changeFollowing = (id: Id, change: FollowingChange, version: number) =>
  api.patch<PlannedEvent>(`/occurrences/${id}/following`, change, version);

export const cancelDate = (id: Id) =>
  live.take('occurrence', api.post<OneDate>(`/occurrences/${id}/cancel`));

export const register = (id: Id, actingFor: Id) =>
  live.take(
    'occurrence',
    api.post<OneDate>(`/occurrences/${id}/register`, { acting_for: actingFor }),
  );

export const registerPeople = (id: Id, actingFor: Id, people: Id[]) =>
  live.take(
    'occurrence',
    api.post<OneDate>(`/occurrences/${id}/register-people`, { acting_for: actingFor, people }),
  );

/** A seat that is given back counts on its date. */
export async function leave(registration: Id, occurrence: Id): Promise<void> {
  await takeRegistration(api.post(`/registrations/${registration}/cancel`));
  live.refresh('occurrence', occurrence);
}

export const acknowledge = (registration: Id) =>
  takeRegistration(api.post(`/registrations/${registration}/acknowledge`));

export const markAttendance = (registration: Id, attended: boolean | null) =>
  takeRegistration(api.post(`/registrations/${registration}/mark`, { attended }));

const takeRegistration = (answer: Promise<Detailed<Registration, Mine>>) =>
  live.take('registration', answer);
