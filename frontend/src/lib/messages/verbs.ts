/** What may be done about messages that came live: asked for when somebody wants to know, many at once. */
import type { Id, Message } from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

const togetherMilliseconds = 40;
const mostAtOnce = 100;

const wanted = new Map<Id, Set<number>>();
let asking: Promise<void> | null = null;

/** Resolves when it is known, or could not be learned now. */
export function learnVerbs({ id, channel, position }: Message): Promise<void> {
  if (live.mine('message', id)) return Promise.resolve();
  const positions = wanted.get(channel) ?? new Set();
  wanted.set(channel, positions.add(position));
  asking ??= new Promise<void>((done) => setTimeout(done, togetherMilliseconds)).then(ask);
  return asking;
}

async function ask(): Promise<void> {
  asking = null;
  const questions = [...wanted];
  wanted.clear();
  await Promise.all(
    questions.map(([channel, positions]) =>
      askAbout(
        channel,
        [...positions].sort((a, b) => a - b),
      ),
    ),
  );
}

async function askAbout(channel: Id, positions: number[]): Promise<void> {
  const path = `/channels/${channel}/messages`;
  while (positions.length) {
    const first = positions[0] as number;
    const together = positions.filter((each) => each < first + mostAtOnce);
    positions = positions.slice(together.length);
    const limit = (together.at(-1) as number) - first + 1;
    // Without a connection there is nothing to press; the next sight asks again.
    await live.fetch('message', path, { after: first - 1, limit }).catch(() => undefined);
  }
}
