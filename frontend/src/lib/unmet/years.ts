/** Years of months, each written "2026-03". */

export const inYear = 12;

export function monthsLater(month: string, count: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const months = year * inYear + number - 1 + count;
  return `${Math.floor(months / inYear)}-${String((months % inYear) + 1).padStart(2, '0')}`;
}

/** The last month of the year after one that ends with this; '' is the newest there is. */
export function yearAfter(until: string, thisMonth: string): string {
  const later = monthsLater(until, inYear);
  return later < thisMonth ? later : '';
}
