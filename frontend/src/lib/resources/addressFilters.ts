/** The filters by what is offered or needed, of which the address says one value each. */
import { page } from '$app/state';
import { session } from '#lib/api/session.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import { languageCodes } from '#lib/requests/languages.ts';
import { likelyLanguages } from '#lib/requests/likely.ts';
import type { Filter } from '#lib/shell/AddressFilters.svelte';
import { languageName } from '#lib/words/format.svelte.ts';
import { speech, t, word } from '#lib/words/words.svelte.ts';
import { categories } from './categories.svelte.ts';
import { areaOf, type Listing } from './describe.ts';
import { isOurArea } from './filters.ts';

const known = (): Listing[] => [...live.list('need'), ...live.list('offer')];
const asked = (name: string) => page.url.searchParams.get(name) ?? '';

/** The network's own, and the one asked for: it may be a county within one of them. */
const areas = () =>
  [...new Set([...session.areaCodes, asked('area')])].filter((code) =>
    isOurArea(code, session.areaCodes),
  );

function areaName(code: string): string {
  const there = known().find((each) => each.area === code);
  return there ? areaOf(there) : session.areaName(code);
}

/** Those that something here is said to be in, the one asked for among them. */
const languages = () =>
  [
    ...new Set([
      ...likelyLanguages(),
      ...known().flatMap((each) => each.languages),
      asked('language'),
    ]),
  ]
    .filter((code) => languageCodes.includes(code))
    .sort((one, other) => languageName(one).localeCompare(languageName(other), speech.locale));

export const topFilter = (): Filter => ({
  name: 'top',
  label: t('resources.top'),
  all: t('resources.allTops'),
  values: categories.tops,
  say: (top) => word('top', top),
});

export const areaFilter = (): Filter => ({
  name: 'area',
  label: t('resources.area'),
  all: t('resources.allAreas'),
  values: areas(),
  say: areaName,
});

export const languageFilter = (): Filter => ({
  name: 'language',
  label: t('resource.languages'),
  all: t('resources.allLanguages'),
  values: languages(),
  say: languageName,
});
