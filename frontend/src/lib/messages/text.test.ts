import { describe, expect, it } from 'vitest';
import { mentionAt, pieces, stillNamed } from './text.ts';

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

  it('finds the names of those who are mentioned, whole and in any signs, and nobody else', () => {
    const names = ['Dana', 'Dana Kim', 'Inés (nights) O’Hara-B.'];
    expect(pieces('Thanks @Dana Kim, and @Dana. @Danae is not here', names)).toEqual([
      { text: 'Thanks ' },
      { text: '@Dana Kim', name: 'Dana Kim' },
      { text: ', and ' },
      { text: '@Dana', name: 'Dana' },
      { text: '. @Danae is not here' },
    ]);
    expect(pieces('@Inés (nights) O’Hara-B.', names)[0]?.name).toBe(names[2]);
    expect(pieces('@Mara', names)).toEqual([{ text: '@Mara' }]);
  });
});

describe('mentions while writing', () => {
  it('begin at an "@" of their own and take up to two words', () => {
    const asked = (text: string) => mentionAt(text, text.length)?.search;
    expect(asked('Hello @')).toBe('');
    expect(asked('(@da')).toBe('da');
    expect(asked('@Dana K')).toBe('Dana K');
    expect(asked('@Dana Kim, thanks')).toBeUndefined();
    expect(asked('somebody@example')).toBeUndefined();
    expect(mentionAt('Hello @da and more', 9)).toEqual({ search: 'da', from: 6 });
  });

  it('last while the name stands in the text', () => {
    const people = [{ name: 'Dana Kim' }, { name: 'Mara' }];
    expect(stillNamed('@Dana Kim and Mara', people)).toEqual([{ name: 'Dana Kim' }]);
  });
});
