import { expect, test } from 'vitest';
import { defined, InvariantError } from '../../../functions/shared/invariant.ts';

test.each([0, '', false, Number.NaN])('passes %o through: only null and undefined are missing', (value) => {
  expect(defined(value, 'value')).toBe(value);
});

test.each([null, undefined])('throws for %o and names the value', (value) => {
  expect(() => defined(value, 'close of AAPL')).toThrow(new InvariantError('close of AAPL is missing'));
});
