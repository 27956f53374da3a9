import { describe, expect, it } from 'vitest';
import type { Answer, CoordinationRequest } from '#lib/api/types.ts';
import { firstTakes, placesOf, roomFor, taken } from './slots.ts';

const request = {
  slots: [
    { role: 'trainer', places: 2, places_taken: 2 },
    { role: 'interpreter', places: 1, places_taken: 0 },
  ],
} as unknown as CoordinationRequest;
const ours = {
  state: 'yes',
  takes_place: true,
  takes: [{ role: 'trainer', places: 1 }],
} as unknown as Answer;

describe('places by role', () => {
  it('begin with one of the first role that is open', () => {
    expect(firstTakes(request, null)).toEqual({ interpreter: 1 });
  });

  it('begin with what was said before', () => {
    expect(firstTakes(request, ours)).toEqual({ trainer: 1 });
    expect(firstTakes(request, { ...ours, state: 'withdrawn', takes_place: false })).toEqual({
      interpreter: 1,
    });
  });

  it('count what one holds oneself as free', () => {
    expect(roomFor(request, ours).map((room) => room.left)).toEqual([1, 1]);
    expect(roomFor(request, { ...ours, takes_place: false }).map((room) => room.left)).toEqual([
      0, 1,
    ]);
  });

  it('are sent where something is taken of them', () => {
    expect(taken({ trainer: 0, interpreter: 2 })).toEqual([{ role: 'interpreter', places: 2 }]);
    expect(placesOf({ ...ours, takes: [] })).toBe(1);
  });
});
