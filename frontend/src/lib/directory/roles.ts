import type { Organization } from '#lib/api/types.ts';
import { t } from '#lib/words/words.svelte.ts';

/** Who works there, by what they are: "6 people · 2 coordinators". */
export const rolesOf = (organization: Organization): string =>
  t('directory.people', {
    people: organization.people,
    coordinators: organization.coordinators,
  });
