import { expect, test } from 'vitest';
import { firstDates, once, repeatsIn, ruleOf, type Repeats } from './repeats.ts';

const tuesday = '2026-03-10';
const each = (changes: Partial<Repeats>): Repeats => ({ ...once, ...changes });

test.each<[Partial<Repeats>, string]>([
  [{}, ''],
  [{ often: 'daily', count: 3 }, 'FREQ=DAILY;COUNT=3'],
  [{ often: 'weekly', weekdays: [4] }, 'FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10'],
  [
    { often: 'weekly', every: 2, until: '2026-06-30' },
    'FREQ=WEEKLY;BYDAY=TU;INTERVAL=2;UNTIL=20260630T235959',
  ],
  [{ often: 'monthly_by_place', count: 12 }, 'FREQ=MONTHLY;BYDAY=2TU;COUNT=12'],
  [{ often: 'monthly_by_day', count: 12 }, 'FREQ=MONTHLY;BYMONTHDAY=10;COUNT=12'],
])('%j is told as %s, and read again', (changes, rule) => {
  const repeats = each(changes);
  expect(ruleOf(repeats, tuesday)).toBe(rule);
  const read = repeatsIn(rule, tuesday);
  expect(read && ruleOf(read, tuesday)).toBe(rule);
});

test('a fifth Friday is the last one', () => {
  const rule = ruleOf(each({ often: 'monthly_by_place', count: 3 }), '2026-01-30');
  expect(rule).toBe('FREQ=MONTHLY;BYDAY=-1FR;COUNT=3');
  expect(firstDates(each({ often: 'monthly_by_place' }), '2026-01-30', 3)).toEqual([
    '2026-01-30',
    '2026-02-27',
    '2026-03-27',
  ]);
});

test('what cannot be chosen here is no choice', () => {
  for (const rule of [
    'FREQ=YEARLY;COUNT=2',
    'FREQ=MONTHLY;BYDAY=1MO;COUNT=2',
    'FREQ=WEEKLY;WKST=SU;COUNT=2',
  ]) {
    expect(repeatsIn(rule, tuesday)).toBeNull();
  }
});

test('the first dates', () => {
  expect(firstDates(each({ often: 'weekly', weekdays: [1, 4] }), tuesday, 4)).toEqual([
    '2026-03-10',
    '2026-03-12',
    '2026-03-16',
    '2026-03-17',
  ]);
  expect(firstDates(each({ often: 'monthly_by_place' }), tuesday, 3)).toEqual([
    '2026-03-10',
    '2026-04-14',
    '2026-05-12',
  ]);
  expect(firstDates(each({ often: 'daily', until: '2026-03-11' }), tuesday, 5)).toHaveLength(2);
  expect(firstDates(each({ often: 'daily', count: 1 }), tuesday, 5)).toHaveLength(1);
});

test('a month without that day is left out', () => {
  expect(firstDates(each({ often: 'monthly_by_day' }), '2026-01-31', 3)).toEqual([
    '2026-01-31',
    '2026-03-31',
    '2026-05-31',
  ]);
});
