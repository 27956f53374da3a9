/**
 * Who can be on call: everybody who works for an organization and, for coordination, who coordinates it.
 * Call while a component starts.
 */
import type { Id, PersonNamed } from '#lib/api/types.ts';
import { useListing, type Listing } from '#lib/live/listing.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import { speech } from '#lib/words/words.svelte.ts';

export function useColleagues(organization: Id): {
  readonly listing: Listing;
  readonly people: PersonNamed[];
  readonly coordinators: PersonNamed[];
} {
  const listing = useListing('organization_member', () => ({
    path: `/organizations/${organization}/people`,
    query: { limit: 100 },
  }));
  $effect(() => {
    if (listing.next && !listing.loadingMore && !listing.problem) void listing.more();
  });
  const members = $derived(
    live
      .list('organization_member')
      .filter((each) => each.organization.id === organization)
      .sort((one, other) => one.person.name.localeCompare(other.person.name, speech.locale)),
  );
  return {
    listing,
    get people() {
      return members.map((each) => each.person);
    },
    get coordinators() {
      return members.filter((each) => each.tier !== 'member').map((each) => each.person);
    },
  };
}
