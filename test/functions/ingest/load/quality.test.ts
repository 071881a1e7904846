import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type RawBar, rawKey } from '../../../../functions/ingest/raw.ts';
import {
  closes,
  FIRST_RUN,
  FRIDAY,
  history,
  MONDAY,
  MONDAY_RUN,
  OVERLAP,
  Runner,
  TUESDAY,
  TUESDAY_RUN,
  useRunner,
} from '../history-support.ts';
import { at, checksum, failures, notes, quarantined } from '../support.ts';

const { db, runner } = useRunner(['AAPL', 'IBM', 'MSFT']);

/** The bars with another price on one day. */
const wrong = (bars: RawBar[], day: string, close: number) =>
  bars.map((bar): RawBar => (bar[0] === at(day) ? [bar[0], close, close, close, close, bar[5]] : bar));

describe('a bar that the next one reverses', () => {
  const spurious = wrong(history(FRIDAY), '2026-02-11', 50);

  test('goes into quarantine while the other bars are stored', async () => {
    await runner.fetch(FIRST_RUN, 'AAPL', spurious);
    expect(await runner.load(FIRST_RUN)).toEqual({
      batch: 0,
      bars: spurious.length - 1,
      failed: 0,
      restated: [],
    });
    expect((await closes(db.sql)).has('2026-02-11')).toBe(false);
    expect(await quarantined(db.sql)).toEqual(['AAPL 2026-02-11 50 split_spurious']);
    const [row] = await db.sql`SELECT run_id, source, message, o, v FROM quarantined_bars`;
    expect(row).toMatchObject({
      run_id: 'first',
      source: 'csv',
      o: 50,
      message: expect.stringContaining('is reversed'),
    });
    expect(await failures(db.sql, 'first')).toEqual([]);
  });

  test('adds no second row when it arrives again in this run or the next', async () => {
    await runner.fetch(FIRST_RUN, 'AAPL', spurious);
    await runner.load(FIRST_RUN);
    const before = await checksum(db.sql);
    expect(await runner.load(FIRST_RUN)).toMatchObject({ bars: 0 });
    expect(await checksum(db.sql)).toBe(before);
    const run = { ...MONDAY_RUN, from: '2026-02-09' };
    await runner.fetch(run, 'AAPL', wrong(history(MONDAY, { from: '2026-02-09' }), '2026-02-11', 50));
    expect(await runner.load(run)).toMatchObject({ bars: 1 });
    expect(await quarantined(db.sql)).toHaveLength(1);
  });

  test('is resolved when the source corrects it, and marked for Features', async () => {
    await runner.fetch(FIRST_RUN, 'AAPL', spurious);
    await runner.load(FIRST_RUN);
    await db.sql`DELETE FROM feature_backlog`;
    const run = { ...FIRST_RUN, runId: 'monday', fetchedAt: MONDAY_RUN.fetchedAt };
    await runner.fetch(run, 'AAPL', history(FRIDAY));
    expect(await runner.load(run)).toMatchObject({ bars: 1 });
    expect(await quarantined(db.sql)).toEqual(['AAPL 2026-02-11 50 split_spurious resolved']);
    const [mark] = await db.sql`SELECT dirty_from FROM feature_backlog`;
    expect(mark?.dirty_from).toEqual(new Date(at('2026-02-11')));
  });

  test('does not replace a good stored bar', async () => {
    await runner.begin();
    const was = (await closes(db.sql)).get('2026-03-04');
    await runner.fetch(MONDAY_RUN, 'AAPL', wrong(history(MONDAY, { from: OVERLAP }), '2026-03-04', 50));
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ bars: 1, restated: [] });
    expect((await closes(db.sql)).get('2026-03-04')).toBe(was);
    expect(await quarantined(db.sql)).toEqual(['AAPL 2026-03-04 50 jump']);
  });
});

describe('a last bar far from the previous one', () => {
  const jump = (until: string, from: string) =>
    history(until, { from }).map((bar): RawBar => {
      const [ts, o, h, l, c, v] = bar;
      return ts >= at(MONDAY) ? [ts, o * 1.7, h * 1.7, l * 1.7, c * 1.7, v] : bar;
    });

  test('waits in quarantine and fails its instrument for this run', async () => {
    await runner.begin();
    await runner.fetch(MONDAY_RUN, 'AAPL', jump(MONDAY, OVERLAP));
    expect(await runner.load(MONDAY_RUN)).toEqual({ batch: 0, bars: 0, failed: 1, restated: [] });
    expect(await failures(db.sql, 'monday')).toEqual(['AAPL load jump']);
    expect([...(await closes(db.sql)).keys()].at(-1)).toBe(FRIDAY);
    expect(await quarantined(db.sql)).toEqual([expect.stringMatching(/^AAPL 2026-03-09 [\d.]+ jump$/)]);
  });

  test('is stored when the next day confirms it', async () => {
    await runner.begin();
    await runner.fetch(MONDAY_RUN, 'AAPL', jump(MONDAY, OVERLAP));
    await runner.load(MONDAY_RUN);
    await runner.fetch(TUESDAY_RUN, 'AAPL', jump(TUESDAY, TUESDAY_RUN.from));
    expect(await runner.load(TUESDAY_RUN)).toEqual({ batch: 0, bars: 2, failed: 0, restated: [] });
    expect(await quarantined(db.sql)).toEqual([
      expect.stringMatching(/^AAPL 2026-03-09 [\d.]+ jump resolved$/),
    ]);
    expect(await notes(db.sql, 'tuesday')).toEqual(['AAPL jump']);
  });

  test('stays in quarantine when the next day reverses it', async () => {
    await runner.begin();
    await runner.fetch(MONDAY_RUN, 'AAPL', jump(MONDAY, OVERLAP));
    await runner.load(MONDAY_RUN);
    const back = [...jump(MONDAY, TUESDAY_RUN.from), ...history(TUESDAY, { from: TUESDAY })];
    await runner.fetch(TUESDAY_RUN, 'AAPL', back);
    expect(await runner.load(TUESDAY_RUN)).toEqual({ batch: 0, bars: 1, failed: 0, restated: [] });
    expect([...(await closes(db.sql)).keys()].slice(-2)).toEqual([FRIDAY, TUESDAY]);
    expect(await quarantined(db.sql)).toHaveLength(1);
  });

  test('is stored when earlier bars of the instrument moved as much', async () => {
    const wild = history(TUESDAY).map((bar, i): RawBar => {
      const [ts, o, h, l, c, v] = bar;
      const factor = (i % 2 ? 1 : 1.3) * (ts >= at(MONDAY) ? 1.7 : 1);
      return [ts, o * factor, h * factor, l * factor, c * factor, v];
    });
    await runner.fetch(
      FIRST_RUN,
      'AAPL',
      wild.filter(([ts]) => ts <= at(FRIDAY)),
    );
    await runner.load(FIRST_RUN);
    await runner.fetch(
      MONDAY_RUN,
      'AAPL',
      wild.filter(([ts]) => ts >= at(OVERLAP) && ts <= at(MONDAY)),
    );
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ bars: 1, failed: 0 });
  });
});

test('leaves out a bar of an open session until the next run', async () => {
  await runner.begin();
  const noon = { ...MONDAY_RUN, fetchedAt: '2026-03-09T16:00:00.000Z' };
  await runner.fetch(noon, 'AAPL', history(MONDAY, { from: OVERLAP }));
  expect(await runner.load(noon)).toMatchObject({ bars: 0, failed: 0 });
  expect(await notes(db.sql, 'monday')).toEqual(['AAPL unclosed']);
  await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP }));
  expect(await runner.load(MONDAY_RUN)).toMatchObject({ bars: 1 });
});

test('fails only the instrument whose raw record is malformed', async () => {
  await runner.fetch(FIRST_RUN, 'AAPL', history(FRIDAY));
  const key = (symbol: string) => rawKey({ ...FIRST_RUN, interval: 'daily' }, symbol);
  await runner.objects.put(key('IBM'), gzipSync('{"version":2'));
  await runner.objects.put(key('MSFT'), Buffer.from('not gzip'));
  expect(await runner.load(FIRST_RUN, ['AAPL', 'IBM', 'MSFT'])).toMatchObject({ failed: 2 });
  expect(await failures(db.sql, 'first')).toEqual(['IBM load raw_unreadable', 'MSFT load raw_unreadable']);
});

test('throws when the object store fails', async () => {
  const objects = {
    put: () => Promise.reject(new Error('no')),
    get: () => Promise.reject(new Error('connection reset')),
  };
  const broken = new Runner({ sql: runner.sql, objects });
  await expect(broken.load(FIRST_RUN)).rejects.toThrow('connection reset');
});
