/** What a request for a need begins with. Its note is left out: whoever asks others writes what these may read. */
import type { DetailValue, Need, RequestKind, RequestKindSpec } from '#lib/api/types.ts';

const kindsOfCategories: Record<string, RequestKind> = {
  emergency_bed: 'emergency_shelter',
  family_unit: 'emergency_shelter',
  hotel_voucher: 'emergency_shelter',
  interpreter: 'interpreter_now',
  sign_language: 'interpreter_now',
  urgent_ride: 'safe_transport',
  appointment_ride: 'safe_transport',
  professional_training: 'joint_training',
  trainer_speaker: 'joint_training',
};
const kindsOfTops: Record<string, RequestKind> = {
  health: 'medical_or_forensic_access',
  legal: 'urgent_legal_screening',
};

export const kindFor = (need: Need, top: string): RequestKind =>
  kindsOfCategories[need.category] ?? kindsOfTops[top] ?? 'service_referral';

/** What the need says to the fields of a kind; `areas` are those that can be chosen. */
export function detailsFrom(
  need: Need,
  top: string,
  { fields }: RequestKindSpec,
  areas: string[],
): Record<string, DetailValue> {
  const said: Record<string, DetailValue> = {
    ...(areas.includes(need.area) ? { area: need.area } : {}),
    ...(need.languages[0] ? { languages: need.languages, language: need.languages[0] } : {}),
    ...(fields.some((field) => field.name === 'services' && field.choices?.includes(top))
      ? { services: [top] }
      : {}),
  };
  return Object.fromEntries(
    Object.entries(said).filter(([name]) => fields.some((field) => field.name === name)),
  );
}
