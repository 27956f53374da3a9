/** Writes about messages. */
import { api } from '#lib/api/http.ts';
import type {
  Acknowledgement,
  Detailed,
  Id,
  Listed,
  Message,
  MessageEdit,
  MessageMine,
  PersonNamed,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

type DetailedMessage = Detailed<Message, MessageMine>;

const pathOf = (message: Message) => `/channels/${message.channel}/messages/${message.id}`;
const take = (answer: Promise<DetailedMessage>) => live.take('message', answer);

export const fetchMessage = (channel: Id, id: Id) =>
  live.take('message', api.get<DetailedMessage>(`/channels/${channel}/messages/${id}`), 'read');

export const edit = (message: Message, body: string, mentions: PersonNamed[]) =>
  take(
    api.patch(
      pathOf(message),
      { body, mentions: mentions.map((person) => person.id) },
      message.version,
    ),
  );

/** What it said before, oldest first. */
export const earlierWords = (message: Message) =>
  api.get<MessageEdit[]>(`${pathOf(message)}/edits`);

export const pin = (message: Message) => take(api.put(`${pathOf(message)}/pin`));

export async function unpin(message: Message): Promise<void> {
  await api.delete(`${pathOf(message)}/pin`);
  await fetchMessage(message.channel, message.id);
}

export async function remove(message: Message): Promise<void> {
  await api.delete(pathOf(message));
  await fetchMessage(message.channel, message.id);
}

export const acknowledge = (message: Message) =>
  take(api.put(`${pathOf(message)}/acknowledgement`));

type Waiting = Listed<Acknowledgement> & { waiting: PersonNamed[] };

/** Takes who has taken note into the store; who has not yet is returned. */
export async function fetchAcknowledgements(message: Message): Promise<PersonNamed[]> {
  const path = `${pathOf(message)}/acknowledgements`;
  let waiting: PersonNamed[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await live.fetch('acknowledgement', path, { cursor, limit: 100 });
    waiting = (page as Waiting).waiting;
    cursor = page.next;
  }
  return waiting;
}

/** The address of a message, wherever it is opened. */
export const linkTo = (message: Message) =>
  `${location.origin}/messages/${message.channel}?at=${message.position}`;
