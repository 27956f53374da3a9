import type { Words } from './en.ts';
import channels from './es/channels.json';
import common from './es/common.json';
import groups from './es/groups.json';
import messages from './es/messages.json';
import requests from './es/requests.json';
import resources from './es/resources.json';
import rota from './es/rota.json';
import settings from './es/settings.json';
import signIn from './es/sign-in.json';
import today from './es/today.json';

export const words: Words = {
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
