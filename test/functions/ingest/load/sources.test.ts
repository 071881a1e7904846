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
} from '../history.ts';
import { checksum, failures, quarantined, revisions } from '../support.ts';

const { db, runner } = useRunner(['AAPL']);

const YAHOO = { provider: 'yahoo' } as const;
const STOOQ = { provider: 'stooq' } as const;

beforeEach(() => runner.begin(['AAPL'], YAHOO));

/** How another source has the same trades: closes a little off, the rest of a bar more so. */
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

test('every bar says whose it is, and every run when that source was asked', async () => {
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
  test('that agrees adds its bars, and takes the place of none', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    expect(await runner.load(MONDAY_RUN)).toEqual({ batch: 0, bars: 1, failed: 0, restated: [] });
    expect(await sources()).toEqual(['2026-03-05 yahoo', '2026-03-06 yahoo', '2026-03-09 stooq']);
    expect(await revisions(db.sql)).toEqual([]);
  });

  test('repeated adds nothing', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    const before = await checksum(db.sql);
    expect(await runner.load(MONDAY_RUN)).toEqual({ batch: 0, bars: 0, failed: 0, restated: [] });
    expect(await checksum(db.sql)).toBe(before);
  });

  test('gives way to the first again the next day', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    await runner.fetch(TUESDAY_RUN, 'AAPL', history(TUESDAY, { from: TUESDAY_RUN.from }), YAHOO);
    expect(await runner.load(TUESDAY_RUN)).toEqual({ batch: 0, bars: 1, failed: 0, restated: [] });
    expect(await sources()).toEqual(['2026-03-06 yahoo', '2026-03-09 stooq', '2026-03-10 yahoo']);
  });

  test('on another basis throughout needs the whole history', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP, factor: 0.99 })), STOOQ);
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ bars: 0, failed: 0, restated: ['AAPL'] });
  });

  test('that tells another story is kept in quarantine, and the instrument fails', async () => {
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

  test('beside it does not keep the first from restating its own bars', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    // The oldest day of the overlap is now the other source's, which cannot tell 0.2 % from noise.
    await db.sql`UPDATE price_bars SET source = 'stooq' WHERE ts = ${TUESDAY_RUN.from}`;
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from, factor: 0.998, before: TUESDAY });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, YAHOO);
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ bars: 0, failed: 0, restated: ['AAPL'] });
  });

  test('beside it does not keep the first from correcting a bar of its own', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', asStooq(history(MONDAY, { from: OVERLAP })), STOOQ);
    await runner.load(MONDAY_RUN);
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from }).map((bar, i): RawBar => {
      const [ts, o, h, l, c, v] = bar;
      return i === 3 ? [ts, o * 1.02, h * 1.02, l * 1.02, c * 1.02, v] : bar;
    });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, YAHOO);
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ bars: 2, failed: 0, restated: [] });
  });

  test('asked for the whole history takes the place of the first, whose bars are kept', async () => {
    const whole = { ...MONDAY_RUN, from: FIRST_RUN.from };
    await runner.fetch(whole, 'AAPL', history(MONDAY, { factor: 0.98 }), STOOQ);
    expect(await runner.load(whole)).toMatchObject({ failed: 0, restated: [] });
    expect(await closes(db.sql)).toEqual(closesOf(history(MONDAY, { factor: 0.98 })));
    expect((await revisions(db.sql))[0]).toMatch(/^AAPL 2024-12-02 [\d.]+ yahoo$/);
    expect(await sources()).toEqual(['2026-03-05 stooq', '2026-03-06 stooq', '2026-03-09 stooq']);
  });
});

test('bars of before sources were recorded are compared as if they were the same source’s', async () => {
  await db.sql`UPDATE price_bars SET source = NULL`;
  await db.sql`DELETE FROM instrument_fetches`;
  await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP, factor: 1.001 }), YAHOO);
  expect(await runner.load(MONDAY_RUN)).toMatchObject({ restated: ['AAPL'] });
  const whole = { ...MONDAY_RUN, from: FIRST_RUN.from };
  await runner.fetch(whole, 'AAPL', history(MONDAY, { factor: 1.001 }), YAHOO);
  await runner.load(whole);
  expect((await revisions(db.sql))[0]).toMatch(/^AAPL 2024-12-02 [\d.]+$/);
});
