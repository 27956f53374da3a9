import { describe, expect, it } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { Queue } from './queue.ts';

function written(id: string, at: number, channel = 'c1') {
  const written = { body: id, reply: null, mentions: [], urgent: false, acting_for: null };
  return { type: 'message' as const, id, channel, at, ...written };
}
const due = (queue: Queue) => queue.due().map((item) => item.id);

describe('the queue of unsent messages', () => {
  it('sends one at a time per channel, in the order written', () => {
    const queue = new Queue();
    queue.add(written('second', 2));
    queue.add(written('first', 1));
    queue.add(written('elsewhere', 3, 'c2'));
    expect(due(queue)).toEqual(['first', 'elsewhere']);
    queue.sending('first');
    expect(due(queue)).toEqual(['elsewhere']);
    queue.remove('first');
    expect(due(queue)).toEqual(['second', 'elsewhere']);
  });

  it('sends again under the same id after the connection was lost', () => {
    const queue = new Queue();
    queue.add(written('m', 1));
    queue.sending('m');
    queue.waitAll();
    expect(due(queue)).toEqual(['m']);
  });

  it('does not overtake a refused message, and keeps its text', () => {
    const queue = new Queue();
    queue.add(written('refused', 1));
    queue.add(written('next', 2));
    queue.sending('refused');
    queue.fail('refused', new Problem(403, 'not_allowed'));
    expect(due(queue)).toEqual([]);
    expect(queue.items[0]).toMatchObject({ body: 'refused', state: 'failed' });
    queue.remove('refused');
    expect(due(queue)).toEqual(['next']);
  });

  it('does not touch a refused message when the connection returns', () => {
    const queue = new Queue();
    queue.add(written('m', 1));
    queue.fail('m', new Problem(409, 'message_id_reused'));
    queue.waitAll();
    expect(queue.items[0]?.state).toBe('failed');
  });

  it('takes a message once, and forgets it once', () => {
    const queue = new Queue();
    queue.add(written('m', 1));
    queue.add(written('m', 1));
    expect(queue.items).toHaveLength(1);
    expect(queue.remove('m')).toBe(true);
    expect(queue.remove('m')).toBe(false);
  });
});
