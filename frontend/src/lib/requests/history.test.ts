import { describe, expect, it } from 'vitest';
import type { Answer, CoordinationRequest, Happening } from '#lib/api/types.ts';
import { happened } from './history.ts';

const entry = (at: string, what: string): Happening => ({
  at,
  what,
  organization: null,
  person: null,
  note: '',
});

describe('what happened', () => {
  it('merges answers into the request in time order, a yes before what it filled', () => {
    const request = {
      history: [
        entry('2026-11-21T20:41:00Z', 'posted'),
        entry('2026-11-21T20:50:00Z', 'filled'),
      ],
    } as CoordinationRequest;
    const answers = [
      { history: [entry('2026-11-21T20:50:00Z', 'yes')] },
      { history: [entry('2026-11-21T20:44:00Z', 'acknowledged')] },
    ] as Answer[];
    expect(happened(request, answers).map((line) => line.what)).toEqual([
      'posted',
      'acknowledged',
      'yes',
      'filled',
    ]);
  });
});
