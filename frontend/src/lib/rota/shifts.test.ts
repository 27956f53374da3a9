import { describe, expect, it } from 'vitest';
import type { Shift } from '#lib/api/types.ts';
import { holesIn, onCall, planOf } from './shifts.ts';

const hour = (n: number) => `2026-11-25T${String(n).padStart(2, '0')}:00:00.000Z`;
const at = (n: number) => Date.parse(hour(n));
const shift = (
  person: string,
  from: number,
  until: number,
  duty: Shift['duty'] = '',
): Shift => ({
  id: `${person}${from}`,
  version: 1,
  organization: { id: 'house', name: 'Harbor House' },
  person: { id: person, name: person },
  duty,
  starts_at: hour(from),
  ends_at: hour(until),
});

describe('a rota', () => {
  it('is what runs or is to come, in order', () => {
    const plan = planOf(
      [shift('b', 14, 20), shift('a', 8, 14), shift('c', 1, 8)],
      'house',
      at(9),
    );
    expect(plan.map((each) => each.person.id)).toEqual(['a', 'b']);
    expect(planOf([shift('a', 8, 14)], 'clinic', at(9))).toEqual([]);
  });

  it('asks whoever has a shift for the kind, else for every kind, else nobody', () => {
    const plan = [shift('a', 8, 14), shift('b', 10, 12, 'interpreter_now')];
    expect(onCall(plan, 'interpreter_now', at(11))?.person.id).toBe('b');
    expect(onCall(plan, 'interpreter_now', at(12))?.person.id).toBe('a');
    expect(onCall(plan, 'emergency_shelter', at(11))?.person.id).toBe('a');
    expect(onCall(plan, '', at(14))).toBeNull();
  });

  it('has no hole where one shift follows another', () => {
    expect(holesIn([shift('a', 8, 14), shift('b', 14, 20)], at(9))).toEqual([]);
  });

  it('shows the holes: before the first shift and between two', () => {
    expect(holesIn([shift('a', 10, 14), shift('b', 16, 20)], at(9))).toEqual([
      { duty: '', from: hour(9), until: hour(10) },
      { duty: '', from: hour(14), until: hour(16) },
    ]);
  });

  it('has holes in coordination beside those of requests', () => {
    const coordination = [shift('b', 10, 12, 'coordination'), shift('c', 9, 10)];
    expect(holesIn(coordination, at(9))).toEqual([
      { duty: 'coordination', from: hour(9), until: hour(10) },
    ]);
  });

  it('looks at each kind where nobody is on call for every kind', () => {
    const plan = [shift('a', 9, 12, 'interpreter_now'), shift('b', 14, 16, 'interpreter_now')];
    expect(holesIn([...plan, shift('c', 9, 10, 'safe_transport')], at(9))).toEqual([
      { duty: 'interpreter_now', from: hour(12), until: hour(14) },
    ]);
  });
});
