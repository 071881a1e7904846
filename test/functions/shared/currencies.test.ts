import { expect, test } from 'vitest';
import { CurrencyCode, minorUnitsOf, readCurrency } from '../../../functions/shared/currencies.ts';

test.each([
  ['USD', 'USD', 1],
  ['eur', 'EUR', 1],
  [' GBP ', 'GBP', 1],
  ['GBp', 'GBP', 100],
  ['GBX', 'GBP', 100],
  ['gbx', 'GBP', 100],
  ['ZAc', 'ZAR', 100],
  ['ILA', 'ILS', 100],
  ['USX', 'USD', 100],
  ['KWF', 'KWD', 1000],
])('reads %j as %s with %d units', (text, currency, units) => {
  expect(readCurrency(text)).toEqual({ currency, units });
});

test.each(['', 'US', 'USDT', '$', 'US1', 'ÉUR'])('does not read %j', (text) => {
  expect(readCurrency(text)).toBeUndefined();
  expect(CurrencyCode.safeParse(text).success).toBe(false);
});

test('knows in which currencies exchanges quote shares in minor units', () => {
  expect(['GBP', 'ZAR', 'ILS', 'KWD', 'USD', 'EUR'].map(minorUnitsOf)).toEqual([
    100,
    100,
    100,
    1000,
    undefined,
    undefined,
  ]);
});
