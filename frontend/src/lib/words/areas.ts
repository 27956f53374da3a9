/** The words by area: one file per area and language, loaded when a screen that says them is opened. */
import type answers from './en/answers.json';
import type asking from './en/asking.json';
import type channels from './en/channels.json';
import type common from './en/common.json';
import type directory from './en/directory.json';
import type events from './en/events.json';
import type groups from './en/groups.json';
import type imports from './en/import.json';
import type lapsed from './en/lapsed.json';
import type leaving from './en/leaving.json';
import type messages from './en/messages.json';
import type request from './en/request.json';
import type requests from './en/requests.json';
import type resources from './en/resources.json';
import type rota from './en/rota.json';
import type settings from './en/settings.json';
import type sharing from './en/sharing.json';
import type signIn from './en/sign-in.json';
import type tasks from './en/tasks.json';
import type today from './en/today.json';
import type unmet from './en/unmet.json';
import rooms from './rooms.json' with { type: 'json' };

interface Areas {
  answers: typeof answers;
  asking: typeof asking;
  channels: typeof channels;
  common: typeof common;
  directory: typeof directory;
  events: typeof events;
  groups: typeof groups;
  import: typeof imports;
  lapsed: typeof lapsed;
  leaving: typeof leaving;
  messages: typeof messages;
  request: typeof request;
  requests: typeof requests;
  resources: typeof resources;
  rota: typeof rota;
  settings: typeof settings;
  sharing: typeof sharing;
  'sign-in': typeof signIn;
  tasks: typeof tasks;
  today: typeof today;
  unmet: typeof unmet;
}

export type Area = keyof Areas;
type KeyOf<Each> = Each extends Area ? keyof Areas[Each] : never;
export type Key = KeyOf<Area>;

/** The areas that a screen says beside "common", by the room its route lies in. */
export function areasOf(route: string | null): Area[] {
  return Object.entries(rooms)
    .filter(([room]) => route === room || route?.startsWith(`${room}/`))
    .flatMap(([, areas]) => areas as Area[]);
}
