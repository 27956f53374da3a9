/** What the calendar shows, as it stands in the address; what is no value of it is left out. */
import { eventKinds } from '#lib/api/types.ts';
import { isDay, views, type View } from './days.ts';

export interface Chosen {
  view: View;
  day: string;
  kind: string;
  group: string;
  mine: boolean;
}

export function chosenIn(
  parameters: Pick<URLSearchParams, 'get'>,
  { view, today }: { view: View; today: string },
): Chosen {
  const said = (name: string) => parameters.get(name) ?? '';
  const oneOf = (values: readonly string[], value: string) =>
    values.includes(value) ? value : '';
  return {
    view: (oneOf(views, said('view')) || view) as View,
    day: isDay(said('date')) ? said('date') : today,
    kind: oneOf(eventKinds, said('kind')),
    group: /^[0-9a-f-]{36}$/.test(said('group')) ? said('group') : '',
    mine: said('mine') === 'true',
  };
}
