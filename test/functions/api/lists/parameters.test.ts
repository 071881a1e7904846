import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { SymbolParams } from '../../../../functions/api/lists/parameters.ts';
import { BarsQuery } from '../../../../functions/api/market/list-bars.ts';
import { FeaturesQuery } from '../../../../functions/api/market/list-features.ts';
import { InstrumentsQuery } from '../../../../functions/api/market/list-instruments.ts';
import { HistoryQuery } from '../../../../functions/api/recommendations/list-history.ts';
import { RecommendationsQuery } from '../../../../functions/api/recommendations/list-query.ts';

/** The faults of a query: each parameter with its message. */
function faults(schema: z.ZodType, query: Record<string, string>): [string, string][] {
  const result = schema.safeParse(query);
  return result.success ? [] : result.error.issues.map(({ path, message }) => [path.join('.'), message]);
}

describe('fills in the defaults of an empty query for', () => {
  test('recommendations', () => {
    expect(RecommendationsQuery.parse({})).toEqual({ following: 'false', sort: '-confidence', limit: 10 });
  });
  test('history', () => {
    expect(HistoryQuery.parse({})).toEqual({ limit: 50 });
  });
  test('instruments', () => {
    expect(InstrumentsQuery.parse({})).toEqual({ active: 'true', limit: 50 });
  });
  test('bars', () => {
    expect(BarsQuery.parse({})).toEqual({ interval: 'daily', limit: 1000 });
  });
  test('features', () => {
    expect(FeaturesQuery.parse({})).toEqual({ limit: 250 });
  });
});

test('converts text to values', () => {
  expect(
    // The notation of small numbers in JavaScript and Python.
    RecommendationsQuery.parse({ minConfidence: '5.525891042182642e-303' }).minConfidence,
  ).toBe(5.525891042182642e-303);
  expect(
    RecommendationsQuery.parse({ limit: '100', minConfidence: '0.35', symbol: 'MSFT,AAPL,MSFT' }),
  ).toMatchObject({ limit: 100, minConfidence: 0.35, symbol: ['AAPL', 'MSFT'] });
});

const LIMIT = 'must be a whole number from 1 to 100';
const SHARE = 'must be a number from 0 to 1';
const SYMBOLS = 'must be 1 to 50 symbols such as AAPL, separated by commas';
const many = Array.from({ length: 51 }, (_, i) => `S${i}`).join();

describe('GET /v1/recommendations refuses', () => {
  test.each<[string, Record<string, string>, string]>([
    ['an unknown profile', { profile: 'reckless' }, 'must be one of conservative, moderate, aggressive'],
    ['a label in lower case', { label: 'buy' }, 'must be one of SELL, HOLD, BUY'],
    ['an empty label', { label: '' }, 'must be one of SELL, HOLD, BUY'],
    ['two labels in one value', { label: 'BUY,SELL' }, 'must be one of SELL, HOLD, BUY'],
    ['limit 0', { limit: '0' }, LIMIT],
    ['limit 101', { limit: '101' }, LIMIT],
    ['limit 1000', { limit: '1000' }, LIMIT],
    ['limit abc', { limit: 'abc' }, LIMIT],
    ['a negative limit', { limit: '-1' }, LIMIT],
    ['a fractional limit', { limit: '1.5' }, LIMIT],
    ['a limit with an exponent', { limit: '1e1' }, LIMIT],
    ['a limit with a space', { limit: ' 5' }, LIMIT],
    ['a confidence above 1', { minConfidence: '1.01' }, SHARE],
    ['a negative confidence', { minConfidence: '-0.1' }, SHARE],
    ['a confidence above 1 with an exponent', { minConfidence: '1e1' }, SHARE],
    ['a confidence that is infinite', { minConfidence: '1e999' }, SHARE],
    ['an exponent without a number', { minConfidence: 'e-3' }, SHARE],
    ['an empty confidence', { minConfidence: '' }, SHARE],
    ['a confidence in percent', { minConfidence: '60%' }, SHARE],
    ['an empty symbol', { symbol: '' }, SYMBOLS],
    ['a trailing comma', { symbol: 'AAPL,' }, SYMBOLS],
    ['a space between symbols', { symbol: 'AAPL, MSFT' }, SYMBOLS],
    ['51 symbols', { symbol: many }, SYMBOLS],
    ['SQL for a symbol', { symbol: "A';DROP TABLE users;--" }, SYMBOLS],
    ['an empty sector', { sector: '' }, 'must be 1 to 100 characters without a line break'],
    ['a sector with NUL', { sector: 'a\u0000' }, 'must be 1 to 100 characters without a line break'],
    [
      'a sector that is too long',
      { sector: 'x'.repeat(101) },
      'must be 1 to 100 characters without a line break',
    ],
  ])('%s', (_what, query, message) => {
    expect(faults(RecommendationsQuery, query)).toEqual([[Object.keys(query)[0], message]]);
  });

  test('an unknown sort, and names the known ones', () => {
    for (const sort of [
      '',
      'id',
      '--confidence',
      '+confidence',
      'confidence;--',
      'Confidence',
      'constructor',
    ]) {
      const [[parameter, message] = []] = faults(RecommendationsQuery, { sort });
      expect(parameter).toBe('sort');
      expect(message).toMatch(/^must be one of -confidence, confidence, /);
    }
  });

  test('an unknown parameter', () => {
    expect(RecommendationsQuery.safeParse({ profil: 'moderate' }).error?.issues[0]?.code).toBe(
      'unrecognized_keys',
    );
  });
});

describe('a day parameter', () => {
  test.each(['2026-02-30', '2026-2-3', '02.03.2026', '2026-03-02T00:00:00Z', 'today', ''])(
    'rejects %s',
    (from) => {
      expect(faults(BarsQuery, { from })[0]).toEqual(['from', 'must be a day such as 2026-03-02']);
    },
  );

  test.each(['0000-01-01', '1899-12-31', '2200-01-01', '9999-12-31'])('rejects %s as out of range', (to) => {
    expect(faults(FeaturesQuery, { to })).toEqual([['to', 'must be a day from 1900 to 2199']]);
  });
});

test.each(['AAPL MSFT', 'BRK/B', "A'--", '', 'A'.repeat(16), '.A'])(
  'refuses the symbol "%s" in a path',
  (symbol) => {
    expect(faults(SymbolParams, { symbol })).toEqual([['symbol', 'is not a symbol such as AAPL or BRK-B']]);
  },
);
