import { describe, expect, test } from 'vitest';
import {
  closes,
  closesOf,
  DIVIDEND,
  FRIDAY,
  features,
  history,
  MONDAY,
  MONDAY_RUN,
  Runner,
  TUESDAY,
  TUESDAY_RUN,
} from '../history-support.ts';
import { backlog, checksum, failures, revisions } from '../support.ts';
import { actions, adjusted, db, loadMonday, monday, runner, WHOLE } from './restated-support.ts';

describe('a dividend since the last run', () => {
  test('holds the instrument back and returns the batch that fetches its whole history', async () => {
    await monday();
    const before = await closes(db.sql);
    expect(await loadMonday()).toEqual({
      batch: 0,
      bars: 1,
      failed: 0,
      restated: ['AAPL'],
      whole: runner.batch(WHOLE, ['AAPL']),
    });
    expect(await closes(db.sql)).toEqual(before);
    expect((await closes(db.sql, 'IBM')).has(MONDAY)).toBe(true);
    expect(await actions()).toEqual([]);
    expect(await revisions(db.sql)).toEqual([]);
  });

  test('records a failure until the whole history is loaded', async () => {
    await monday();
    await loadMonday();
    expect(await failures(db.sql, 'monday')).toEqual(['AAPL load restated']);
    const [row] = await db.sql<{ message: string }[]>`SELECT message FROM pipeline_failures`;
    expect(row?.message).toBe('the source restated its past: the prices of 2026-02-27 changed');
    await runner.load(WHOLE);
    expect(await failures(db.sql, 'monday')).toEqual([]);
  });

  test('rewrites the adjusted bars, keeps the originals, and marks the first', async () => {
    await monday();
    await loadMonday();
    const count = history(MONDAY).length;
    expect(await runner.load(WHOLE)).toEqual({ batch: 0, bars: count, failed: 0, restated: [] });
    expect(await closes(db.sql)).toEqual(closesOf(history(MONDAY, adjusted)));
    expect(await actions()).toEqual(['AAPL 2026-03-09 dividend 1 csv']);
    const first = closesOf(history(FRIDAY));
    expect(await revisions(db.sql)).toEqual([...first].map(([day, close]) => `AAPL ${day} ${close} csv`));
    expect(await backlog(db.sql)).toEqual(['AAPL 2024-12-02', 'IBM 2026-03-09']);
  });

  test('results in the features of a first load after the dividend', async () => {
    await monday();
    await loadMonday();
    await runner.load(WHOLE);
    await runner.features(MONDAY_RUN, ['AAPL', 'IBM']);
    const incremental = await features(db.sql);
    await db.sql`DELETE FROM features`;
    await db.sql`DELETE FROM price_bars`;
    await db.sql`DELETE FROM instrument_fetches`;
    const once = { ...WHOLE, runId: 'tuesday' };
    await runner.fetch(once, 'AAPL', history(MONDAY, adjusted), { actions: [DIVIDEND] });
    await runner.fetch(once, 'IBM', history(MONDAY));
    await runner.load(once, ['AAPL', 'IBM']);
    await runner.features(once, ['AAPL', 'IBM']);
    expect(incremental).toHaveLength(2 * history(MONDAY).length);
    expect(await features(db.sql)).toEqual(incremental);
  });

  test('holds the instrument back only once', async () => {
    await monday();
    await loadMonday();
    await runner.load(WHOLE);
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from, ...adjusted });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, { actions: [DIVIDEND] });
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ bars: 1, restated: [] });
  });
});

describe('repeating the steps of a restatement', () => {
  test('ends in the same rows in any order', async () => {
    await monday();
    await loadMonday();
    await runner.load(WHOLE);
    const after = await checksum(db.sql);
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 0 });
    expect(await checksum(db.sql)).toBe(after);
    expect(await loadMonday()).toEqual({ batch: 0, bars: 0, failed: 0, restated: [] });
    expect(await checksum(db.sql)).toBe(after);
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 0 });
    expect(await checksum(db.sql)).toBe(after);
  });

  test('ends in the same rows when two loads run concurrently', async () => {
    await monday();
    await loadMonday();
    const other = new Runner({ sql: db.client('pipeline'), objects: runner.objects });
    const results = await Promise.all([runner.load(WHOLE), other.load(WHOLE)]);
    expect(results.map(({ bars }) => bars).sort((a, b) => a - b)).toEqual([0, history(MONDAY).length]);
    expect(await closes(db.sql)).toEqual(closesOf(history(MONDAY, adjusted)));
    expect(await revisions(db.sql)).toHaveLength(history(FRIDAY).length);
  });

  test('keeps the bars as first seen through a second restatement', async () => {
    await monday();
    await runner.load(WHOLE);
    const again = { ...WHOLE, runId: 'tuesday', fetchedAt: '2026-03-10T23:00:00.000Z' };
    await runner.fetch(again, 'AAPL', history(MONDAY, { factor: 0.5 }));
    await runner.load(again);
    expect(await closes(db.sql)).toEqual(closesOf(history(MONDAY, { factor: 0.5 })));
    const stored = await revisions(db.sql);
    expect(stored.slice(0, -1)).toEqual(
      [...closesOf(history(FRIDAY))].map(([day, close]) => `AAPL ${day} ${close} csv`),
    );
    // Monday's bar was first seen after the dividend.
    expect(stored.at(-1)).toBe(`AAPL 2026-03-09 ${closesOf(history(MONDAY, adjusted)).get(MONDAY)} csv`);
  });
});

test('removes stored bars that a restated history lacks, with their features', async () => {
  await monday();
  const gone = ['2024-12-02', '2026-01-15'].map((day) => Date.parse(day));
  await runner.fetch(
    WHOLE,
    'AAPL',
    history(MONDAY, adjusted).filter(([ts]) => !gone.includes(ts)),
    { actions: [DIVIDEND] },
  );
  await runner.load(WHOLE);
  const stored = await closes(db.sql);
  expect(['2024-12-02', '2026-01-15'].map((day) => stored.has(day))).toEqual([false, false]);
  expect(await revisions(db.sql)).toHaveLength(history(FRIDAY).length);
  await runner.features(MONDAY_RUN, ['AAPL']);
  const [orphans] = await db.sql`
    SELECT count(*)::int AS n FROM features f
    WHERE NOT EXISTS (SELECT 1 FROM price_bars b WHERE b.instrument_id = f.instrument_id AND b.ts = f.ts)`;
  expect(orphans?.n).toBe(0);
});
