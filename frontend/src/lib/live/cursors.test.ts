import { describe, expect, it } from 'vitest';
import { CursorTable } from './cursors.ts';

function at(seq: number): CursorTable {
  const table = new CursorTable();
  table.welcome({ a: seq });
  return table;
}

describe('the cursor of an audience', () => {
  it('starts at the head told in the welcome', () => {
    const table = new CursorTable();
    expect(table.welcome({ a: 7, b: 0 })).toEqual({ granted: ['a', 'b'], revoked: [] });
    expect(table.all()).toEqual({ a: 7, b: 0 });
  });

  it('is kept by a later welcome, so that the portal replays from it', () => {
    const table = at(7);
    table.welcome({ a: 12 });
    expect(table.get('a')).toBe(7);
  });

  it('moves with frames in order', () => {
    const table = at(7);
    expect(table.advance({ audience: 'a', after: 7, seq: 9 })).toBe('apply');
    expect(table.advance({ audience: 'a', after: 9, seq: 10 })).toBe('apply');
    expect(table.get('a')).toBe(10);
  });

  it('stays at a gap, until the replay closes it', () => {
    const table = at(7);
    expect(table.advance({ audience: 'a', after: 8, seq: 9 })).toBe('gap');
    expect(table.get('a')).toBe(7);
    expect(table.advance({ audience: 'a', after: 7, seq: 9 })).toBe('apply');
  });

  it('drops what it has read and takes an overlap', () => {
    const table = at(7);
    expect(table.advance({ audience: 'a', after: 5, seq: 7 })).toBe('known');
    expect(table.advance({ audience: 'a', after: 5, seq: 9 })).toBe('apply');
    expect(table.get('a')).toBe(9);
  });

  it('tells which audiences were lost and won while away', () => {
    const table = new CursorTable();
    table.welcome({ a: 1, b: 2 });
    expect(table.welcome({ b: 5, c: 1 })).toEqual({ granted: ['c'], revoked: ['a'] });
    expect(table.all()).toEqual({ b: 2, c: 1 });
  });

  it('goes on from the head that a resync tells', () => {
    const table = at(7);
    table.restart('a', 90);
    expect(table.advance({ audience: 'a', after: 90, seq: 91 })).toBe('apply');
  });
});
