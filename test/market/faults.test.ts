import { expect, test } from 'vitest';
import { FAULT_KINDS, FAULTS } from './faults.ts';

test('describes every kind with its endpoints and outcomes', () => {
  for (const kind of FAULT_KINDS) {
    const { about, endpoints, expected } = FAULTS[kind];
    expect(about.length, kind).toBeGreaterThan(2);
    expect(endpoints.length, kind).toBeGreaterThan(0);
    expect(expected.length, kind).toBeGreaterThan(0);
  }
});
