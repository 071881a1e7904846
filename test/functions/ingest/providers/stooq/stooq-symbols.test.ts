import { expect, test } from 'vitest';
import { fromStooq, toStooq } from '../../../../../functions/ingest/providers/stooq/stooq-symbols.ts';

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

test.each(KNOWN)('writes %s as %s, traded in %s', (symbol, code, timeZone) => {
  expect(toStooq(symbol)).toMatchObject({ code, market: { timeZone } });
  expect(fromStooq(code)).toBe(symbol);
});

test.each(['MC.PA', '^FCHI', 'EURUSD=X', 'BRK.B', 'BAC-PL', ''])('has no form of %j', (symbol) => {
  expect(toStooq(symbol)).toBeUndefined();
});

test.each(['mc.fr', '^cac', 'AAPL.US', ''])('gives no symbol for its %j', (code) => {
  expect(fromStooq(code)).toBeUndefined();
});
