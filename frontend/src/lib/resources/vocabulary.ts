/** The closed sets of words of needs and offers, held to the portal's own. */
import type { NeedForm, OfferForm } from '#lib/api/types.ts';

type Words<K extends 'populations' | 'barriers'> = NonNullable<NeedForm[K]>[number];

export const populations = [
  ...(['adults', 'youth', 'children', 'families', 'women', 'men', 'lgbtq'] as const),
  ...(['foreign_nationals', 'people_with_disabilities', 'older_adults'] as const),
] satisfies Words<'populations'>[];

export const barriers = [
  ...(['stigma_shame', 'distrust_of_authorities', 'fear_of_retaliation'] as const),
  ...(['fear_of_arrest_deportation', 'language_culture', 'no_id_documents'] as const),
  ...(['immigration_status', 'criminal_record', 'cost_insurance', 'waitlist'] as const),
  ...([
    'distance_transport',
    'childcare',
    'disability_access',
    'age_or_gender_limits',
  ] as const),
  ...(['sobriety_rule', 'pets', 'office_hours_only', 'no_safe_device'] as const),
  ...(['provider_untrained', 'not_self_identified'] as const),
] satisfies Words<'barriers'>[];

export const urgencies = [
  ...(['critical', 'urgent', 'soon', 'planned'] as const),
] satisfies NeedForm['urgency'][];

export const weekdays = [
  ...(['monday', 'tuesday', 'wednesday', 'thursday'] as const),
  ...(['friday', 'saturday', 'sunday'] as const),
];

export const costs = ['free', 'sliding_scale', 'paid'] satisfies OfferForm['cost'][];
