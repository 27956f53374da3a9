import { describe, expect, it } from 'vitest';
import type { RequestKindSpec } from '#lib/api/types.ts';
import { emptyDraft, firstDetails, renew, settle } from './draft.ts';

const now = Date.parse('2026-11-21T20:41:00Z');

describe('a request being sent', () => {
  it('says the same when it is tried again later', () => {
    const draft = { ...emptyDraft(), within: '60' as const };
    const first = settle(draft, 'harbor', now);
    const key = draft.key;
    expect(first.answer_by).toBe('2026-11-21T21:41:00.000Z');
    expect(settle(draft, 'harbor', now + 90_000)).toEqual(first);
    expect(draft.key).toBe(key);
  });

  it('is another request for another organization, or after a change', () => {
    const draft = { ...emptyDraft(), within: '60' as const };
    settle(draft, 'harbor', now);
    const first = draft.key;
    settle(draft, 'clinic', now);
    const second = draft.key;
    renew(draft);
    expect(new Set([first, second, draft.key]).size).toBe(3);
    expect(settle(draft, 'clinic', now + 60_000).answer_by).toBe('2026-11-21T21:42:00.000Z');
  });

  it('leaves the usual clock to the portal', () => {
    expect(settle(emptyDraft(), 'harbor', now).answer_by).toBeNull();
  });
});

it('a kind begins with what is likely', () => {
  const field = { required: true, minimum: null, maximum: null, maximum_length: null };
  const spec = {
    fields: [
      { ...field, name: 'nights', type: 'integer', minimum: 1, choices: null, source: null },
      { ...field, name: 'area', type: 'choice', choices: null, source: 'areas' },
      { ...field, name: 'starts_at', type: 'datetime', choices: null, source: null },
    ],
  } as unknown as RequestKindSpec;
  expect(firstDetails(spec, ['US-IA-113'], now)).toEqual({
    nights: 1,
    area: 'US-IA-113',
    starts_at: '2026-11-21T20:45:00.000Z',
  });
  expect(firstDetails(spec, ['US-IA-113', 'US-IA-103'], now)['area']).toBe('');
});
