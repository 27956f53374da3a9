import { describe, expect, it } from 'vitest';
import { withParts } from './parts.ts';

describe('a directory', () => {
  it('shows parts after what they are part of, in their order', () => {
    const groups = [
      { id: 'night', parent: 'beds' },
      { id: 'law', parent: null },
      { id: 'beds', parent: null },
      { id: 'day', parent: 'beds' },
    ];
    expect(withParts(groups).map((group) => group.id)).toEqual(['law', 'beds', 'night', 'day']);
  });

  it('shows a part by itself where the whole is not shown', () => {
    const groups = [{ id: 'night', parent: 'beds' }];
    expect(withParts(groups)).toEqual(groups);
  });
});
