import { expect, test } from 'vitest';
import { exchangeTime } from '../../../functions/ingest/providers/exchange-time.ts';
import { marketOf, NEW_YORK } from '../../../local/schedule/exchanges.ts';

test.each([
  ['AAPL', 'New York'],
  ['BRK-B', 'New York'],
  ['^GSPC', 'New York'],
  ['BTC-USD', 'New York'],
  ['MC.PA', 'Paris'],
  ['SAP.DE', 'Frankfurt'],
  ['VOD.L', 'London'],
  ['7203.T', 'Tokyo'],
  ['0700.HK', 'Hong Kong'],
  ['600519.SS', 'Shanghai'],
  ['BRK-A.NE', 'Toronto'],
  ['2222.SR', 'Riyadh'],
])('%s trades in %s', (symbol, name) => {
  expect(marketOf(symbol)?.name).toBe(name);
});

test('knows no market of an unknown suffix', () => {
  expect(marketOf('ABC.XYZ')).toBeUndefined();
});

test('Riyadh trades from Sunday to Thursday, all others from Monday to Friday', () => {
  expect(marketOf('2222.SR')?.days).toEqual([0, 1, 2, 3, 4]);
  for (const symbol of ['AAPL', 'MC.PA', 'BHP.AX', 'TEVA.TA'])
    expect(marketOf(symbol)?.days).toEqual([1, 2, 3, 4, 5]);
});

test('the time zone of each market exists, and its session ends on the day on which it begins', () => {
  const suffixes =
    'TO MX SA BA SN L IR PA AS BR LS MI MC DE SG DU VI SW ST CO HE OL IC TL RG VS WA PR BD RO AT IS ME TA JO NS BK JK KL SI PS HK SS TW KS T AX NZ SR';
  for (const market of [NEW_YORK, ...suffixes.split(' ').map((suffix) => marketOf(`A.${suffix}`))]) {
    expect(market?.open).toMatch(/^\d\d:\d\d$/);
    expect(market?.close).toMatch(/^\d\d:\d\d$/);
    expect(exchangeTime(market?.timeZone ?? '')(0)).toMatch(/^19[67]/);
    expect((market?.open ?? '') < (market?.close ?? '')).toBe(true);
  }
});
