import { expect, test, vi } from 'vitest';
import type { BarRequest } from '../../../../../functions/ingest/providers/provider.ts';
import type { ChartRow } from './charts.ts';
import { answer, fetchBars, seconds, yahoo } from './yahoo-support.ts';

const row = (start: string, c = 171): ChartRow => [seconds(`2024-03-05T${start}Z`), 170, 172, 169, c, 1000];
const ROWS = [row('14:30'), row('14:45', 170.4), row('15:00')];

async function fetchQuarters(
  rows: readonly ChartRow[],
  meta?: Record<string, unknown>,
  request?: Partial<BarRequest>,
) {
  yahoo.asked.length = 0;
  answer(rows, meta);
  return fetchBars({ interval: '15m', ...request });
}
const starts = async (...of: Parameters<typeof fetchQuarters>) =>
  (await fetchQuarters(...of)).map(({ ts }) => new Date(ts).toISOString().slice(11, 16));

test('keeps the start and the prices of 15-minute bars', async () => {
  expect((await fetchQuarters(ROWS))[1]).toEqual({
    ts: Date.UTC(2024, 2, 5, 14, 45),
    o: 170,
    h: 172,
    l: 169,
    c: 170.4,
    v: 1000,
  });
  expect(yahoo.asked[0]?.searchParams.get('interval')).toBe('15m');
});

test('gives the bars of an open session that have ended', async () => {
  vi.stubEnv('CLOCK', '2024-03-05T15:05:00Z');
  expect(await starts(ROWS)).toEqual(['14:30', '14:45']);
  vi.stubEnv('CLOCK', '2024-03-05T15:15:00Z');
  expect(await starts(ROWS)).toEqual(['14:30', '14:45', '15:00']);
});

test('leaves out the last quote and bars that end after it, even if the clock is later', async () => {
  vi.stubEnv('CLOCK', '2024-03-05T15:20:00Z');
  expect(await starts([...ROWS, row('15:05:20')])).toEqual(['14:30', '14:45']);
});

test('leaves out the last print at the end of a session', async () => {
  expect(await starts([row('20:45'), row('21:00')])).toEqual(['20:45']);
});

test.each([
  ['a list of days', (periods: unknown[]) => periods],
  ['regular ones among others', (periods: unknown[]) => ({ pre: [], regular: periods, post: [] })],
])('leaves out a last print at an early close, with sessions %s', async (_, form) => {
  const early = {
    timezone: 'EST',
    gmtoffset: -18000,
    start: seconds('2024-03-01T14:30Z'),
    end: seconds('2024-03-01T18:00Z'),
  };
  const friday = (time: string): ChartRow => [seconds(`2024-03-01T${time}Z`), 170, 172, 169, 171, 0];
  const rows = [friday('17:45'), friday('18:00'), row('14:30')];
  expect(await starts(rows, { tradingPeriods: form([[early]]) })).toEqual(['17:45', '14:30']);
  expect(await starts(rows)).toEqual(['17:45', '18:00', '14:30']);
});

test('keeps one of two equal rows', async () => {
  expect((await fetchQuarters([...ROWS, row('15:00', 169.5)])).map(({ c }) => c)).toEqual([
    171, 170.4, 169.5,
  ]);
});

test('assigns 15-minute bars to their local day', async () => {
  const rows: ChartRow[] = [[seconds('2024-03-04T23:00Z'), 10, 11, 9, 10, 5]];
  const sydney = { exchangeTimezoneName: 'Australia/Sydney' };
  expect(await starts(rows, sydney, { from: '2024-03-05' })).toEqual(['23:00']);
  expect(await starts(rows, sydney, { from: '2024-03-01', to: '2024-03-04' })).toEqual([]);
});
