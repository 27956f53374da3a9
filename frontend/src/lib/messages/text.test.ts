import { describe, expect, it } from 'vitest';
import { pieces } from './text.ts';

describe('pieces of a text', () => {
  it('leaves plain text alone', () => {
    expect(pieces('six beds, a < b')).toEqual([{ text: 'six beds, a < b' }]);
    expect(pieces('')).toEqual([]);
  });

  it('finds addresses and leaves the sentence its full stop', () => {
    expect(pieces('See https://example.org/a?b=1. Then (http://example.org).')).toEqual([
      { text: 'See ' },
      { text: 'https://example.org/a?b=1', href: 'https://example.org/a?b=1' },
      { text: '. Then (' },
      { text: 'http://example.org', href: 'http://example.org' },
      { text: ').' },
    ]);
  });

  it('follows nothing but http and https', () => {
    expect(pieces('javascript:alert(1) data:text/html,x').every((piece) => !piece.href)).toBe(
      true,
    );
  });
});
