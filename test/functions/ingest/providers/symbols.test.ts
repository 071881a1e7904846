import { describe, expect, test } from 'vitest';
import {
  fromStooq,
  fromUniverse,
  fromYahoo,
  toStooq,
  toYahoo,
} from '../../../../functions/ingest/providers/symbols.ts';
import { InstrumentSymbol } from '../../../../functions/shared/contracts.ts';

describe('from a list of constituents', () => {
  test.each([
    ['AAPL', 'AAPL'],
    [' msft ', 'MSFT'],
    ['BRK.B', 'BRK-B'],
    ['BRK/B', 'BRK-B'],
    ['BRK B', 'BRK-B'],
    ['BRK-B', 'BRK-B'],
    ['bf.b', 'BF-B'],
    ['MOG.A', 'MOG-A'],
    // A slash never separates an exchange.
    ['ABC/L', 'ABC-L'],
    // Letters after a dot that are an exchange at Yahoo: London, Tokyo, Frankfurt, Toronto's venture exchange.
    ['VOD.L', 'VOD.L'],
    ['7203.T', '7203.T'],
    ['SAP.DE', 'SAP.DE'],
    ['^GSPC', '^GSPC'],
    ['EURUSD=X', 'EURUSD=X'],
  ])('%j is %s', (text, symbol) => {
    expect(fromUniverse(text)).toBe(symbol);
    expect(InstrumentSymbol.safeParse(symbol).success).toBe(true);
  });
});

describe('at Stooq', () => {
  const KNOWN = [
    ['AAPL', 'aapl.us', 'America/New_York'],
    ['BRK-B', 'brk-b.us', 'America/New_York'],
    ['VOD.L', 'vod.uk', 'Europe/London'],
    ['SAP.DE', 'sap.de', 'Europe/Berlin'],
    ['7203.T', '7203.jp', 'Asia/Tokyo'],
    ['0700.HK', '700.hk', 'Asia/Hong_Kong'],
    ['PKN.WA', 'pkn', 'Europe/Warsaw'],
    ['OTP.BD', 'otp.hu', 'Europe/Budapest'],
    ['^GSPC', '^spx', 'America/New_York'],
  ] as const;

  test.each(KNOWN)('%s is %s, of %s', (symbol, code, timeZone) => {
    expect(toStooq(symbol)).toMatchObject({ code, market: { timeZone } });
    expect(fromStooq(code)).toBe(symbol);
  });

  test.each(['MC.PA', '^FCHI', 'EURUSD=X', 'BRK.B', 'BAC-PL', ''])('there is no %j', (symbol) => {
    expect(toStooq(symbol)).toBeUndefined();
  });

  test.each(['mc.fr', '^cac', 'AAPL.US', ''])('%j has no form here', (code) => {
    expect(fromStooq(code)).toBeUndefined();
  });
});

test('at Yahoo a symbol is as it is here', () => {
  expect(toYahoo('BRK-B')).toBe('BRK-B');
  expect(fromYahoo('brk-b')).toBe('BRK-B');
});
