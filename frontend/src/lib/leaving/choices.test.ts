import { describe, expect, it } from 'vitest';
import type { Responsibility } from '#lib/api/types.ts';
import { able, byKind, choiceOf, decided, everywhere, nobody, successors } from './choices.ts';

const item = (id: string, successors: string[], required = true): Responsibility => ({
  kind: required ? 'request' : 'shift',
  id,
  name: '',
  word: '',
  organization: null,
  starts_at: null,
  ends_at: null,
  required,
  successors,
});
const [first, second, shift] = [
  item('1', ['ana', 'ben']),
  item('2', ['ben']),
  item('3', ['ana'], false),
] as const;
const items = [first, second, shift];

describe('who takes over', () => {
  it('is chosen everywhere it can be at once, and changed one by one', () => {
    const all = everywhere(items, {}, 'ana');
    expect(all).toEqual({ 'request.1': 'ana', 'shift.3': 'ana' });
    expect(decided(items, all)).toBe(2);
    const then = everywhere([second], all, 'ben');
    expect(successors(items, then).map((each) => each.successor)).toEqual([
      'ana',
      'ben',
      'ana',
    ]);
  });

  it('is nobody only where nobody has to', () => {
    expect(everywhere(items, {}, nobody)).toEqual({ 'shift.3': nobody });
    expect(successors([shift], { 'shift.3': nobody })).toEqual([
      { kind: 'shift', id: '3', successor: null },
    ]);
    expect(choiceOf(first, { 'request.1': nobody })).toBe('');
  });

  it('who cannot any more is not chosen any more', () => {
    expect(choiceOf(second, { 'request.2': 'ana' })).toBe('');
    expect(choiceOf(first, {})).toBe('');
  });

  it('is offered by how much they could take over', () => {
    expect(able(items)).toEqual(['ana', 'ben']);
    expect(able([first, second])).toEqual(['ben', 'ana']);
    expect(byKind(items).map((each) => [each.kind, each.items.length])).toEqual([
      ['request', 2],
      ['shift', 1],
    ]);
  });
});
