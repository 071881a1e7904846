import { expect, test } from 'vitest';
import { FAULT_KINDS, FAULTS } from './faults.ts';

test('every kind says what it is, where it can happen, and what is to come of it', () => {
  for (const kind of FAULT_KINDS) {
    const { about, endpoints, expected } = FAULTS[kind];
    expect(about.length, kind).toBeGreaterThan(2);
    expect(endpoints.length, kind).toBeGreaterThan(0);
    expect(expected.length, kind).toBeGreaterThan(0);
  }
});
