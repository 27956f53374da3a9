/** Who takes over each of somebody's responsibilities, as far as it has been decided. */
import type { Id, Responsibility } from '#lib/api/types.ts';

export const nobody = 'nobody';
/** A person, nobody, or nothing yet. */
export type Choice = Id | typeof nobody | '';
/** By `keyOf`. */
export type Choices = Readonly<Record<string, Choice>>;

export const keyOf = (item: Responsibility): string => `${item.kind}.${item.id}`;

const may = (item: Responsibility, choice: Choice): boolean =>
  choice === nobody ? !item.required : item.successors.includes(choice);

/** What was chosen and can still be. */
export function choiceOf(item: Responsibility, choices: Choices): Choice {
  const choice = choices[keyOf(item)] ?? '';
  return choice && may(item, choice) ? choice : '';
}

export interface Successor {
  kind: string;
  id: Id;
  successor: Id | null;
}

export function successors(items: readonly Responsibility[], choices: Choices): Successor[] {
  return items.map((item) => {
    const choice = choiceOf(item, choices);
    const successor = choice === '' || choice === nobody ? null : choice;
    return { kind: item.kind, id: item.id, successor };
  });
}

/** Wherever it can be, whatever was chosen there before. */
export function everywhere(
  items: readonly Responsibility[],
  choices: Choices,
  choice: Choice,
): Choices {
  const able = items.filter((item) => may(item, choice));
  return { ...choices, ...Object.fromEntries(able.map((item) => [keyOf(item), choice])) };
}

export const decided = (items: readonly Responsibility[], choices: Choices): number =>
  items.filter((item) => choiceOf(item, choices)).length;

/** Those whom at least one thing can pass to, who most can first. */
export function able(items: readonly Responsibility[]): Id[] {
  const times = new Map<Id, number>();
  for (const id of items.flatMap((item) => item.successors))
    times.set(id, (times.get(id) ?? 0) + 1);
  return [...times].sort(([, one], [, other]) => other - one).map(([id]) => id);
}

/** In the order in which they are told. */
export function byKind(
  items: readonly Responsibility[],
): { kind: string; items: Responsibility[] }[] {
  const kinds = [...new Set(items.map((item) => item.kind))];
  return kinds.map((kind) => ({ kind, items: items.filter((item) => item.kind === kind) }));
}
