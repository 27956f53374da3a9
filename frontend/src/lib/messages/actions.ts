/** What one may do about a message: the verbs that the portal allows, and what needs no leave. */
import type { Message } from '#lib/api/types.ts';
import { asProblem } from '#lib/api/problem.ts';
import { live } from '#lib/live/live.svelte.ts';
import { toasts } from '#lib/look/toasts.svelte.ts';
import { t } from '#lib/words/words.svelte.ts';
import { linkTo, pin, unpin } from './api.ts';
import { editing } from './editing.svelte.ts';

export interface Action {
  name: 'reply' | 'edit' | 'pin' | 'unpin' | 'link' | 'copy' | 'history' | 'delete';
  label: string;
  act: () => void;
  look?: 'plain' | 'stop';
}

export interface Means {
  reply: (message: Message) => void;
  history: (message: Message) => void;
  remove: (message: Message) => void;
}

export function actionsOf(message: Message, means: Means): Action[] {
  const may = (verb: string) => live.may('message', message.id, verb);
  const all: (Action | false)[] = [
    live.may('channel', message.channel, 'post') && {
      name: 'reply',
      label: t('message.reply'),
      act: () => means.reply(message),
    },
    may('edit') && {
      name: 'edit',
      label: t('action.edit'),
      act: () => editing.begin(message.id),
    },
    may('pin') && {
      name: 'pin',
      label: t('message.pin'),
      act: () => void tell(pin(message), t('message.pinned')),
    },
    may('unpin') && {
      name: 'unpin',
      label: t('message.unpin'),
      act: () => void tell(unpin(message), t('message.unpinned')),
    },
    copies && {
      name: 'link',
      label: t('message.link'),
      act: () => void copy(linkTo(message), t('message.linkCopied')),
    },
    copies && {
      name: 'copy',
      label: t('message.copy'),
      act: () => void copy(message.body, t('state.copied')),
    },
    message.edited_at !== null && {
      name: 'history',
      label: t('history.title'),
      act: () => means.history(message),
    },
    may('delete') && {
      name: 'delete',
      label: t('message.delete'),
      act: () => means.remove(message),
      look: 'stop',
    },
  ];
  return all.filter((action) => action !== false);
}

/** Over plain http from elsewhere browsers give no clipboard. */
const copies = typeof navigator !== 'undefined' && 'clipboard' in navigator;

async function copy(text: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toasts.tell(said);
}

async function tell(doing: Promise<unknown>, said: string): Promise<void> {
  try {
    await doing;
    toasts.tell(said);
  } catch (thrown) {
    toasts.tell(asProblem(thrown).text);
  }
}
