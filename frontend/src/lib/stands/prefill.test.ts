import { expect, it } from 'vitest';
import type { FieldSpec, Need, RequestKindSpec } from '#lib/api/types.ts';
import { detailsFrom, kindFor } from './prefill.ts';

const need = {
  category: 'emergency_bed',
  area: 'US-IA-113',
  languages: ['spa', 'por'],
  note: 'Only for those who see the need',
} as Need;

const spec = (...fields: Partial<FieldSpec>[]) => ({ fields }) as RequestKindSpec;

it('asks for a bed as shelter, for a lawyer as legal screening, and refers what fits no kind', () => {
  expect(kindFor(need, 'safety_shelter')).toBe('emergency_shelter');
  expect(kindFor({ ...need, category: 'immigration_relief' }, 'legal')).toBe(
    'urgent_legal_screening',
  );
  expect(kindFor({ ...need, category: 'job_placement' }, 'employment')).toBe(
    'service_referral',
  );
});

it('fills in what the kind asks and the need says, and never the note', () => {
  const areas = ['US-IA-113'];
  const asked = spec({ name: 'area' }, { name: 'languages' }, { name: 'nights' });
  expect(detailsFrom(need, 'safety_shelter', asked, areas)).toEqual({
    area: 'US-IA-113',
    languages: ['spa', 'por'],
  });
  expect(detailsFrom(need, 'language', spec({ name: 'language' }), areas)).toEqual({
    language: 'spa',
  });
});

it('leaves out what cannot be chosen', () => {
  const services = spec({ name: 'area' }, { name: 'services', choices: ['health'] });
  expect(detailsFrom(need, 'safety_shelter', services, [])).toEqual({});
  expect(detailsFrom(need, 'health', services, [])).toEqual({ services: ['health'] });
});
