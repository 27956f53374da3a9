import { expect, it } from 'vitest';
import { emptyDraft, needForm, offerForm } from './draft.ts';

it('begins in the only area there is, and in none of several', () => {
  expect(emptyDraft('need', ['US-IA-113']).area).toBe('US-IA-113');
  expect(emptyDraft('need', ['US-IA-113', 'US-IA-103']).area).toBe('');
});

it('is shared with everybody, or exactly with those chosen', () => {
  const draft = { ...emptyDraft('need', []), organizations: ['harbor'], groups: ['shelter'] };
  expect(needForm(draft, 'agency')).not.toHaveProperty('organizations');
  expect(needForm(draft, 'agency').everyone).toBe(true);
  expect(needForm({ ...draft, everyone: false }, 'agency')).toMatchObject({
    everyone: false,
    organizations: ['harbor'],
    working_groups: ['shelter'],
  });
});

it('says how much is needed, or how much there is', () => {
  const draft = { ...emptyDraft('offer', []), quantity: 5 };
  expect(needForm(draft, 'agency')).toMatchObject({ quantity: 5, urgency: 'soon' });
  expect(offerForm(draft, 'agency')).toMatchObject({ maximum: 5, cost: 'free' });
  expect(offerForm(draft, 'agency')).not.toHaveProperty('urgency');
});
