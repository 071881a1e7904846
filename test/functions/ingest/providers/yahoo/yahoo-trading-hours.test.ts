import { describe, expect, test, vi } from 'vitest';
import { PartialAnswerError } from '../../../../../functions/ingest/providers/errors.ts';
import { type ChartRow, chart } from './charts.ts';
import { answer, days, FRIDAY, fetchBars, MONDAY, seconds, TUESDAY, yahoo } from './yahoo-support.ts';

describe('open sessions', () => {
  const LIVE: ChartRow = [seconds('2024-03-05T20:59:40Z'), 170.8, 172, 169.6, 170, 90_000_000, 170];
  const ENDED: ChartRow = [seconds('2024-03-05T21:00:01Z'), 170.8, 172, 169.6, 170.5, 95_200_000, 170.5];

  test('gives no daily bar of an open session', async () => {
    vi.stubEnv('CLOCK', '2024-03-05T20:59:59Z');
    answer([MONDAY, LIVE]);
    expect(await days()).toEqual(['2024-03-04T00:00:00.000Z']);
    expect(yahoo.asked).toHaveLength(1);
  });

  test('gives the daily bar as soon as the session ends', async () => {
    vi.stubEnv('CLOCK', '2024-03-05T21:00:00Z');
    answer([MONDAY, ENDED]);
    expect(await days()).toEqual(['2024-03-04T00:00:00.000Z', '2024-03-05T00:00:00.000Z']);
    expect(yahoo.asked).toHaveLength(1);
  });

  test('follows the configured clock, also in the past', async () => {
    vi.stubEnv('CLOCK', '2024-03-04T15:00:00Z');
    answer([FRIDAY, MONDAY, TUESDAY]);
    expect(await days()).toEqual(['2024-03-01T00:00:00.000Z']);
  });

  test("follows Yahoo's clock where ours is fast", async () => {
    vi.stubEnv('CLOCK', '2024-03-05T21:30:00Z');
    answer([MONDAY, TUESDAY], {}, { date: '2024-03-05T20:59:00Z' });
    expect(await days()).toEqual(['2024-03-04T00:00:00.000Z']);
    answer([MONDAY, TUESDAY], {}, { date: '2024-03-05T21:00:00Z' });
    expect(await days()).toHaveLength(2);
  });

  test("follows our clock where Yahoo's is fast", async () => {
    vi.stubEnv('CLOCK', '2024-03-05T20:30:00Z');
    answer([MONDAY, TUESDAY], {}, { date: '2024-03-06T09:00:00Z' });
    expect(await days()).toEqual(['2024-03-04T00:00:00.000Z']);
  });

  test('refuses an answer that is hours old', async () => {
    answer([MONDAY, TUESDAY], {}, { date: '2024-03-05T23:30:00Z' });
    await expect(days()).rejects.toThrow(
      new PartialAnswerError('TEST: the answer is 12.5 h old by this clock'),
    );
  });

  test('keeps the last quote of a session that Yahoo gives twice', async () => {
    answer([MONDAY, TUESDAY, ENDED]);
    expect((await fetchBars()).map(({ c }) => c)).toEqual([175.1, 170.5]);
  });

  test('repeats the request once where the bar of a session that is over is still partial', async () => {
    const rows = [LIVE, ENDED];
    yahoo.answer = (_request, response) =>
      response.end(JSON.stringify(chart([MONDAY, rows.shift() ?? ENDED])));
    expect((await fetchBars()).map(({ c }) => c)).toEqual([175.1, 170.5]);
    expect(yahoo.asked).toHaveLength(2);
  });

  test('leaves out the bar where it stays partial', async () => {
    answer([MONDAY, [TUESDAY[0], 170, 171, 169, 170, 5, 170], LIVE]);
    expect(await days()).toEqual(['2024-03-04T00:00:00.000Z']);
    expect(yahoo.asked).toHaveLength(2);
  });

  test('refuses a session that begins after its own bar', async () => {
    const session = { timezone: 'EST', gmtoffset: -18000 };
    const late = { ...session, start: seconds('2024-03-06T02:30Z'), end: seconds('2024-03-06T09:00Z') };
    answer([MONDAY, TUESDAY], { currentTradingPeriod: { pre: late, regular: late, post: late } });
    await expect(days()).rejects.toThrow(
      new PartialAnswerError('TEST: the session of 2024-03-05 begins after its own bar'),
    );
  });
});

describe('exchanges outside New York', () => {
  /** A chart whose current session is the last of its rows' days. */
  const at = (timeZone: string, starts: string[], end: string) => {
    const rows = starts.map((start): ChartRow => [seconds(start), 10, 11, 9, 10, 5, 10]);
    const session = { timezone: 'X', gmtoffset: 0, start: seconds(starts.at(-1) ?? ''), end: seconds(end) };
    answer(rows, {
      exchangeTimezoneName: timeZone,
      currentTradingPeriod: { pre: session, regular: session, post: session },
    });
  };

  test.each([
    ['London', 'Europe/London', ['2024-03-28T08:00Z', '2024-04-02T07:00Z'], '2024-04-02T15:30Z'],
    ['Tokyo', 'Asia/Tokyo', ['2024-04-01T00:00Z', '2024-04-02T00:00Z'], '2024-04-02T06:00Z'],
    ['Sydney', 'Australia/Sydney', ['2024-04-01T23:00Z', '2024-04-02T00:00Z'], '2024-04-02T06:00Z'],
  ])('uses the days and the clock of %s', async (_, timeZone, starts, end) => {
    const request = { from: '2024-03-25', to: '2024-04-05' };
    at(timeZone, starts, end);
    vi.stubEnv('CLOCK', new Date(Date.parse(end) - 1000).toISOString());
    const before = await days(request);
    vi.stubEnv('CLOCK', new Date(Date.parse(end)).toISOString());
    const after = await days(request);
    expect(after.at(-1)).toBe('2024-04-02T00:00:00.000Z');
    expect(before).toEqual(after.slice(0, -1));
  });

  test('closes New York an hour earlier in UTC during daylight saving time', async () => {
    at('America/New_York', ['2024-03-08T14:30Z', '2024-03-11T13:30Z'], '2024-03-11T20:00Z');
    vi.stubEnv('CLOCK', '2024-03-11T20:00:00Z');
    expect(await days({ to: '2024-03-11' })).toEqual([
      '2024-03-08T00:00:00.000Z',
      '2024-03-11T00:00:00.000Z',
    ]);
  });
});
