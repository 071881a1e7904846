import { beforeEach, describe, expect, test } from 'vitest';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import {
  closes,
  closesOf,
  FIRST_RUN,
  FRIDAY,
  history,
  MONDAY,
  MONDAY_RUN,
  OVERLAP,
  TUESDAY,
  TUESDAY_RUN,
  useRunner,
} from '../history-support.ts';
import { checksum, failures, quarantined, revisions } from '../support.ts';

const { db, runner } = useRunner(['AAPL']);

const YAHOO = { provider: 'yahoo' } as const;
const STOOQ = { provider: 'stooq' } as const;

beforeEach(() => runner.begin(['AAPL'], YAHOO));

/** The same trades from another source: closes differ a little, other fields more. */
const asStooq = (bars: RawBar[], off = 0.001): RawBar[] =>
  bars.map(([ts, o, h, l, c, v], i) => [
    ts,
    o * 1.004,
    h * 1.02,
    l * 0.985,
    c * (1 + (i % 2 ? off : -off)),
    v * 0.8,
  ]);

/** The source of the last stored bars. */
async function sources(): Promise<string[]> {
  const rows = await db.sql<{ line: string }[]>`
    SELECT to_char(ts, 'YYYY-MM-DD') || ' ' || source AS line FROM price_bars ORDER BY ts DESC LIMIT 3`;
  return rows.map(({ line }) => line).reverse();
}

test('records the source of each bar and the time of each fetch', async () => {
  expect(await sources()).toEqual(['2026-03-04 yahoo', '2026-03-05 yahoo', '2026-03-06 yahoo']);
  const rows =
    await db.sql`SELECT run_id, interval, source, fetched_at, first_ts, last_ts FROM instrument_fetches`;
  expect([...rows]).toEqual([
    {
      run_id: 'first',
      interval: 'daily',
      source: 'yahoo',
      fetched_at: new Date(FIRST_RUN.fetchedAt),
      first_ts: new Date('2024-12-02'),
      last_ts: new Date(FRIDAY),
    },
  ]);
});

describe('another source', () => {
  test('adds new bars and replaces none when its closes agree', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    expect(await runner.load(MONDAY_RUN)).toEqual({ batch: 0, bars: 1, failed: 0, restated: [] });
    expect(await sources()).toEqual(['2026-03-05 yahoo', '2026-03-06 yahoo', '2026-03-09 stooq']);
    expect(await revisions(db.sql)).toEqual([]);
  });

  test('adds nothing when it is loaded again', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    const before = await checksum(db.sql);
    expect(await runner.load(MONDAY_RUN)).toEqual({ batch: 0, bars: 0, failed: 0, restated: [] });
    expect(await checksum(db.sql)).toBe(before);
  });

  test('yields to the first source the next day', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    await runner.fetch(TUESDAY_RUN, 'AAPL', history(TUESDAY, { from: TUESDAY_RUN.from }), YAHOO);
    expect(await runner.load(TUESDAY_RUN)).toEqual({ batch: 0, bars: 1, failed: 0, restated: [] });
    expect(await sources()).toEqual(['2026-03-06 yahoo', '2026-03-09 stooq', '2026-03-10 yahoo']);
  });

  test('holds the instrument back when it is on another basis throughout', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP, factor: 0.99 })), STOOQ);
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ bars: 0, failed: 0, restated: ['AAPL'] });
  });

  test('fails the instrument and quarantines its bars when its closes disagree', async () => {
    const bars = history(MONDAY, { from: OVERLAP }).map((bar, i): RawBar => {
      const [ts, o, h, l, c, v] = bar;
      return i === 3 ? [ts, o * 1.02, h * 1.02, l * 1.02, c * 1.02, v] : bar;
    });
    await runner.fetch(MONDAY_RUN, 'AAPL', bars, STOOQ);
    expect(await runner.load(MONDAY_RUN)).toEqual({ batch: 0, bars: 0, failed: 1, restated: [] });
    expect(await failures(db.sql, 'monday')).toEqual(['AAPL load disagreement']);
    expect((await quarantined(db.sql)).map((line) => line.replace(/ [\d.]+ /, ' '))).toEqual([
      'AAPL 2026-03-04 disagreement',
      'AAPL 2026-03-05 disagreement',
      'AAPL 2026-03-06 disagreement',
      'AAPL 2026-03-09 disagreement',
    ]);
    expect(await closes(db.sql)).toEqual(closesOf(history(FRIDAY)));

    await runner.fetch(TUESDAY_RUN, 'AAPL', history(TUESDAY, { from: TUESDAY_RUN.from }), YAHOO);
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ bars: 2, failed: 0 });
    expect((await quarantined(db.sql)).every((line) => line.endsWith(' resolved'))).toBe(true);
  });

  test('does not hide a restatement by the first source', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    // The oldest day of the overlap is now from the other source, for which 0.2 % is noise.
    await db.sql`UPDATE price_bars SET source = 'stooq' WHERE ts = ${TUESDAY_RUN.from}`;
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from, factor: 0.998, before: TUESDAY });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, YAHOO);
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ bars: 0, failed: 0, restated: ['AAPL'] });
  });

  test('does not hide a correction by the first source', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from }).map((bar, i): RawBar => {
      const [ts, o, h, l, c, v] = bar;
      return i === 3 ? [ts, o * 1.02, h * 1.02, l * 1.02, c * 1.02, v] : bar;
    });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, YAHOO);
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ bars: 2, failed: 0, restated: [] });
  });

  test('replaces the first source with a whole history, and keeps its bars in bar_revisions', async () => {
    const whole = { ...MONDAY_RUN, from: FIRST_RUN.from };
    await runner.fetch(whole, 'AAPL', history(MONDAY, { factor: 0.98 }), STOOQ);
    expect(await runner.load(whole)).toMatchObject({ failed: 0, restated: [] });
    expect(await closes(db.sql)).toEqual(closesOf(history(MONDAY, { factor: 0.98 })));
    expect((await revisions(db.sql))[0]).toMatch(/^AAPL 2024-12-02 [\d.]+ yahoo$/);
    expect(await sources()).toEqual(['2026-03-05 stooq', '2026-03-06 stooq', '2026-03-09 stooq']);
  });
});

test('compares bars without a recorded source as bars of the same source', async () => {
  await db.sql`UPDATE price_bars SET source = NULL`;
  await db.sql`DELETE FROM instrument_fetches`;
  await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP, factor: 1.001 }), YAHOO);
  expect(await runner.load(MONDAY_RUN)).toMatchObject({ restated: ['AAPL'] });
  const whole = { ...MONDAY_RUN, from: FIRST_RUN.from };
  await runner.fetch(whole, 'AAPL', history(MONDAY, { factor: 1.001 }), YAHOO);
  await runner.load(whole);
  expect((await revisions(db.sql))[0]).toMatch(/^AAPL 2024-12-02 [\d.]+$/);
});
