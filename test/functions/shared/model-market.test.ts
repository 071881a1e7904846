import { describe, expect, test } from 'vitest';
import { bundledReference } from '../../../functions/ingest/reference/reference.ts';
import { marksOf } from '../../../functions/shared/model-market.ts';

const MARKED = ['unvalidated_market'];
const unknown = { exchange: 'UNKNOWN', currency: null };

describe('marksOf', () => {
  test.each([
    ['a share in London', { symbol: 'VOD.L', exchange: 'LSE', currency: 'GBP' }],
    [
      'a share in Frankfurt with an unknown currency',
      { symbol: 'SAP.DE', exchange: 'XETRA', currency: null },
    ],
    ['a share in Toronto in US dollars', { symbol: 'DLR-U.TO', exchange: 'Toronto', currency: 'USD' }],
    [
      'a share in another currency on an unknown exchange',
      { symbol: 'VOD', exchange: 'UNKNOWN', currency: 'GBP' },
    ],
    ['a cryptocurrency', { symbol: 'BTC-USD', exchange: 'CCC', currency: 'USD' }],
    ['a cryptocurrency from a file', { symbol: 'BTC-USD', ...unknown }],
    ['a currency', { symbol: 'EURUSD=X', ...unknown }],
    ['an index', { symbol: '^GSPC', exchange: 'SNP', currency: 'USD' }],
    ['an index from a file', { symbol: '^GSPC', ...unknown }],
    ['a fund on NYSE Arca', { symbol: 'SPY', exchange: 'NYSEArca', currency: 'USD' }],
    [
      'a share that is traded over the counter',
      { symbol: 'NSRGY', exchange: 'OTC Markets OTCPK', currency: 'USD' },
    ],
    ['a share with a foreign ending from a file', { symbol: 'MC.PA', ...unknown }],
  ])('marks %s', (_, listed) => {
    expect(marksOf(listed)).toEqual(MARKED);
  });

  test.each([
    ['Nasdaq, by its full name at Yahoo', { symbol: 'AAPL', exchange: 'NasdaqGS', currency: 'USD' }],
    ['Nasdaq, by its short name at Yahoo', { symbol: 'AAPL', exchange: 'NMS', currency: 'USD' }],
    ['New York, of class B', { symbol: 'BRK-B', exchange: 'NYSE', currency: 'USD' }],
    ['NYSE American', { symbol: 'IMO', exchange: 'NYSE American', currency: 'USD' }],
    ['Cboe', { symbol: 'CBOE', exchange: 'Cboe US', currency: 'USD' }],
    ['an exchange by its identifier code', { symbol: 'IBM', exchange: 'XNYS', currency: null }],
    ['a file that names neither exchange nor currency', { symbol: 'IBM', ...unknown }],
  ])('does not mark a stock on %s', (_, listed) => {
    expect(marksOf(listed)).toEqual([]);
  });

  test('does not mark any stock of the bundled reference', () => {
    const marked = bundledReference('sp500').filter(
      ({ symbol }) => marksOf({ symbol, exchange: 'UNKNOWN', currency: 'USD' }).length > 0,
    );
    expect(marked).toEqual([]);
  });
});
