/** What people are called: who left the network has no name any more, and who works elsewhere now has left here. */
import type { PersonNamed } from '#lib/api/types.ts';
import { t } from './words.svelte.ts';

export function nameOf(person: PersonNamed | null | undefined): string {
  if (!person) return '';
  if (person.former === 'network') return t('person.former');
  return person.former ? t('person.formerNamed', { name: person.name }) : person.name;
}
