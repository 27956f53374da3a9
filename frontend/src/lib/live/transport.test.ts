import { expect, test } from 'vitest';
import { Events } from './transport.ts';

test('events are cut from the pieces in which they come', () => {
  const events = new Events();
  expect(events.take('data: {"type":"po')).toEqual([]);
  expect(events.take('ng"}\n\ndata: {"a":1}\n')).toEqual([
    { name: 'message', data: '{"type":"pong"}' },
  ]);
  expect(events.take('\nevent: close\ndata: 4401\n\n')).toEqual([
    { name: 'message', data: '{"a":1}' },
    { name: 'close', data: '4401' },
  ]);
});
