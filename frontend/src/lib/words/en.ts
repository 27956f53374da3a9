import channels from './en/channels.json';
import common from './en/common.json';
import groups from './en/groups.json';
import messages from './en/messages.json';
import requests from './en/requests.json';
import resources from './en/resources.json';
import rota from './en/rota.json';
import settings from './en/settings.json';
import signIn from './en/sign-in.json';
import today from './en/today.json';

const english = {
  ...channels,
  ...common,
  ...groups,
  ...messages,
  ...requests,
  ...resources,
  ...rota,
  ...settings,
  ...signIn,
  ...today,
};

export type Words = Record<keyof typeof english, string>;
export const words: Words = english;
