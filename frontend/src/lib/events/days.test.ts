import { expect, test } from 'vitest';
import {
  dayByKey,
  daysShown,
  firstWeekday,
  isDay,
  plusDays,
  plusMonths,
  turned,
  weekdayOf,
  weeksOf,
} from './days.ts';

test('a month is whole weeks, from its first day to its last', () => {
  const weeks = weeksOf('2026-03-18', 7);
  expect(weeks.map((week) => week[0])).toEqual([
    '2026-03-01',
    '2026-03-08',
    '2026-03-15',
    '2026-03-22',
    '2026-03-29',
  ]);
  expect(weeks.at(-1)?.at(-1)).toBe('2026-04-04');
  expect(weeks.every((week) => week.length === 7)).toBe(true);
});

test('a week begins where the language is spoken', () => {
  expect(weeksOf('2026-03-18', 1)[0]).toEqual([
    '2026-02-23',
    '2026-02-24',
    '2026-02-25',
    '2026-02-26',
    '2026-02-27',
    '2026-02-28',
    '2026-03-01',
  ]);
  expect(firstWeekday('en-US')).toBe(7);
  expect(firstWeekday('es-ES')).toBe(1);
});

test('a February of four weeks has four', () => {
  expect(weeksOf('2027-02-10', 1)).toHaveLength(4);
});

test('every day of twenty years follows the one before', () => {
  let day = '2000-01-01';
  for (let count = 0; count < 7_305; count++) {
    const next = plusDays(day, 1);
    expect(weekdayOf(next)).toBe((weekdayOf(day) % 7) + 1);
    day = next;
  }
  expect(day).toBe('2020-01-01');
});

test('the same day of another month, or its last', () => {
  expect(plusMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(plusMonths('2024-03-31', -1)).toBe('2024-02-29');
  expect(plusMonths('2026-11-30', 2)).toBe('2027-01-30');
});

test('an address may name no day', () => {
  expect(isDay('2026-02-28')).toBe(true);
  for (const none of ['', '2026-02-30', '2026-13-01', 'soon', '2026-2-3']) {
    expect(isDay(none)).toBe(false);
  }
});

test('keys lead to days', () => {
  const lead = (key: string, leftwards = false) => dayByKey(key, '2026-03-18', 7, leftwards);
  expect(lead('ArrowRight')).toBe('2026-03-19');
  expect(lead('ArrowRight', true)).toBe('2026-03-17');
  expect(lead('ArrowUp')).toBe('2026-03-11');
  expect(lead('Home')).toBe('2026-03-15');
  expect(lead('End')).toBe('2026-03-21');
  expect(lead('PageUp')).toBe('2026-02-18');
  expect(lead('PageDown')).toBe('2026-04-18');
  expect(lead('a')).toBeNull();
});

test('what a view shows, and what next', () => {
  expect(daysShown('week', '2026-03-18', 7)).toHaveLength(7);
  expect(daysShown('month', '2026-03-18', 7)).toHaveLength(35);
  expect(daysShown('agenda', '2026-03-18', 7)[0]).toBe('2026-03-18');
  expect(turned('month', '2026-03-31', -1)).toBe('2026-02-28');
  expect(turned('week', '2026-03-31', 1)).toBe('2026-04-07');
});
