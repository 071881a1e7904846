import { beforeEach, describe, expect, test } from 'vitest';
import {
  closes,
  closesOf,
  DIVIDEND,
  FIRST_RUN,
  FRIDAY,
  features,
  history,
  MONDAY,
  MONDAY_RUN,
  OVERLAP,
  type Run,
  Runner,
  TUESDAY,
  TUESDAY_RUN,
  useRunner,
} from './history.ts';
import { backlog, checksum, failures, notes, revisions, writeFailed } from './support.ts';

const { db, runner } = useRunner(['AAPL', 'IBM']);

/** The bars after the dividend, as the source has them on Monday. */
const adjusted = { factor: 0.99, before: MONDAY };
/** The batch that asks for the whole history. */
const WHOLE: Run = { ...MONDAY_RUN, from: '2018-03-09', fetchedAt: '2026-03-09T23:05:00.000Z' };

/** A Monday on which AAPL paid a dividend and IBM did not. */
async function monday(): Promise<void> {
  await runner.begin(['AAPL', 'IBM']);
  const bars = history(MONDAY, { from: OVERLAP, ...adjusted });
  await runner.fetch(MONDAY_RUN, 'AAPL', bars, { actions: [DIVIDEND] });
  await runner.fetch(MONDAY_RUN, 'IBM', history(MONDAY, { from: OVERLAP }));
  await runner.fetch(WHOLE, 'AAPL', history(MONDAY, adjusted), { actions: [DIVIDEND] });
}
const loadMonday = () => runner.load(MONDAY_RUN, ['AAPL', 'IBM']);

async function actions(): Promise<string[]> {
  const rows = await db.sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, a.ex_date, a.kind, a.value, a.source) AS line
    FROM corporate_actions a JOIN instruments i ON i.id = a.instrument_id ORDER BY 1`;
  return rows.map(({ line }) => line);
}

describe('a dividend since the last run', () => {
  test('holds the instrument back, and answers with the batch that asks for its whole history', async () => {
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

  test('leaves the instrument failed until that is loaded, so that nothing is recommended on it', async () => {
    await monday();
    await loadMonday();
    expect(await failures(db.sql, 'monday')).toEqual(['AAPL load restated']);
    const [row] = await db.sql<{ message: string }[]>`SELECT message FROM pipeline_failures`;
    expect(row?.message).toBe('its source restated it: the bar of 2026-02-27 has other prices than before');
    await runner.load(WHOLE);
    expect(await failures(db.sql, 'monday')).toEqual([]);
  });

  test('rewrites the bars that it adjusts, keeps what they were, and marks the first', async () => {
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

  test('gives the features of a first load that had seen it all', async () => {
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

  test('is one once: the next day brings one bar', async () => {
    await monday();
    await loadMonday();
    await runner.load(WHOLE);
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from, ...adjusted });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, { actions: [DIVIDEND] });
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ bars: 1, restated: [] });
  });
});

describe('repeating the steps of a restatement', () => {
  test('in any order ends in the same rows', async () => {
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

  test('twice at once ends in the rows of once', async () => {
    await monday();
    await loadMonday();
    const other = new Runner({ sql: db.client('pipeline'), objects: runner.objects });
    const results = await Promise.all([runner.load(WHOLE), other.load(WHOLE)]);
    expect(results.map(({ bars }) => bars).sort((a, b) => a - b)).toEqual([0, history(MONDAY).length]);
    expect(await closes(db.sql)).toEqual(closesOf(history(MONDAY, adjusted)));
    expect(await revisions(db.sql)).toHaveLength(history(FRIDAY).length);
  });

  test('keeps what was seen first through a second restatement', async () => {
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

describe('what counts as restated', () => {
  const loads = async (bars = history(MONDAY, { from: OVERLAP }), facts = {}) => {
    await runner.begin();
    await runner.fetch(MONDAY_RUN, 'AAPL', bars, facts);
    return runner.load(MONDAY_RUN);
  };
  const changed = (place: number, factor: number) =>
    history(MONDAY, { from: OVERLAP }).map((bar, i) =>
      i === place ? ([bar[0], ...bar.slice(1, 5).map((x) => x * factor), bar[5]] as typeof bar) : bar,
    );

  test('a split, without a word of it', async () => {
    const split = history(MONDAY, { from: OVERLAP, factor: 0.25, before: MONDAY, level: 100 });
    const bars = split.map((bar) =>
      bar[0] >= Date.parse(MONDAY) ? history(MONDAY, { factor: 0.25 }).at(-1) : bar,
    );
    expect(await loads(bars.filter((bar) => bar !== undefined))).toMatchObject({
      restated: ['AAPL'],
      bars: 0,
    });
  });

  test('an action that adjusts stored bars and was not known, whatever the prices say', async () => {
    const known = { actions: [{ ...DIVIDEND, exDay: '2026-03-05' }] };
    expect(await loads(undefined, known)).toMatchObject({ restated: ['AAPL'] });
    await runner.fetch(WHOLE, 'AAPL', history(MONDAY), known);
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 1 });
    expect(await revisions(db.sql)).toEqual([]);
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ bars: 0, restated: [] });
  });

  test('a known action with another value', async () => {
    const paid = (value: number) => ({ actions: [{ ...DIVIDEND, exDay: '2026-03-03', value }] });
    await runner.begin(['AAPL'], paid(1));
    await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP }), paid(1 + 1e-9));
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ restated: [] });
    await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP }), paid(1.01));
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ restated: ['AAPL'] });
  });

  test.each([
    ['is still to come', '2026-03-10'],
    ['was before the first bar', '2024-11-29'],
  ])('not an action that %s', async (_, exDay) => {
    expect(await loads(undefined, { actions: [{ ...DIVIDEND, exDay }] })).toMatchObject({
      restated: [],
      bars: 1,
    });
  });

  test('not a correction of a later bar: it is written, and what it was is kept', async () => {
    expect(await loads(changed(3, 1.001))).toMatchObject({ restated: [], bars: 2 });
    const was = closesOf(history(FRIDAY)).get('2026-03-04');
    expect(await revisions(db.sql)).toEqual([`AAPL 2026-03-04 ${was} csv`]);
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-03-04']);
  });

  test('not a large one either: a source may correct itself', async () => {
    expect(await loads(changed(3, 1.1))).toMatchObject({ restated: [], bars: 2, failed: 0 });
  });

  test('not another volume', async () => {
    const bars = history(MONDAY, { from: OVERLAP });
    const first = bars[0];
    if (first) first[5] *= 1.01;
    expect(await loads(bars)).toMatchObject({ restated: [], bars: 2 });
  });

  test('not float noise, which is not written either', async () => {
    expect(await loads(changed(0, 1 + 9e-7))).toMatchObject({ restated: [], bars: 1 });
    expect(await revisions(db.sql)).toEqual([]);
  });

  test('more than float noise is', async () => {
    expect(await loads(changed(0, 1 + 2e-6))).toMatchObject({ restated: ['AAPL'] });
  });

  test.each([
    ['a step', 0.5],
    ['no step to see', 1],
  ])('bars that have none in common with the stored ones, with %s', async (_, factor) => {
    await runner.begin();
    const run = { ...MONDAY_RUN, from: MONDAY };
    await runner.fetch(run, 'AAPL', history(MONDAY, { from: MONDAY, factor }));
    expect(await runner.load(run)).toMatchObject({ restated: ['AAPL'], bars: 0 });
  });

  test('not older bars than all that are stored, where they are asked for', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP }));
    await runner.load(MONDAY_RUN);
    const run = { ...FIRST_RUN, runId: 'tuesday', asOf: '2026-02-20', fetchedAt: TUESDAY_RUN.fetchedAt };
    await runner.fetch(run, 'AAPL', history('2026-02-20'));
    expect(await runner.load(run)).toMatchObject({ restated: [], bars: history('2026-02-20').length });
  });

  test('nothing where all that is stored was asked for: it is rewritten at once', async () => {
    await runner.begin();
    const run = { ...FIRST_RUN, runId: 'monday', asOf: MONDAY, fetchedAt: MONDAY_RUN.fetchedAt };
    await runner.fetch(run, 'AAPL', history(MONDAY, adjusted));
    expect(await runner.load(run)).toMatchObject({ restated: [], bars: history(MONDAY).length });
  });
});

describe('an instrument keeps its old series, and says why,', () => {
  beforeEach(monday);
  const unchanged = async (reason: string) => {
    expect(await closes(db.sql)).toEqual(closesOf(history(FRIDAY)));
    expect(await failures(db.sql, 'monday')).toEqual([`AAPL ${reason}`]);
    expect(await revisions(db.sql)).toEqual([]);
    expect(await actions()).toEqual([]);
  };

  test('when the whole history cannot be fetched; the next run tries again', async () => {
    await loadMonday();
    const failure = { reason: 'rate_limited', message: 'AAPL: too many', runId: 'monday', from: WHOLE.from };
    await writeFailed(runner.objects, 'AAPL', failure);
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 0, failed: 1 });
    await unchanged('fetch rate_limited');
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from, ...adjusted });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, { actions: [DIVIDEND] });
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ restated: ['AAPL'] });
  });

  test('when the whole history lacks much of what is stored', async () => {
    const some = history(MONDAY, { ...adjusted, from: '2025-06-02' });
    await runner.fetch(WHOLE, 'AAPL', some, { actions: [DIVIDEND] });
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 0, failed: 1 });
    await unchanged('load partial_history');
  });

  test.each([MONDAY_RUN, WHOLE])('when a split is announced and not applied (%#)', async (run) => {
    const split = { exDay: MONDAY, kind: 'split', value: 4 } as const;
    const late = history(MONDAY, { from: run.from, factor: 4, before: MONDAY, level: 25 });
    await runner.fetch(run, 'AAPL', late, { actions: [split] });
    expect(await runner.load(run)).toMatchObject({ bars: 0, failed: 1, restated: [] });
    await unchanged('load split_unapplied');
  });
});

test('a restated history without some of the bars removes them, and their features with them', async () => {
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

describe('what was asked for later wins', () => {
  test('over a load that comes late', async () => {
    await monday();
    await loadMonday();
    await runner.load(WHOLE);
    const before = await closes(db.sql);
    const stale = { ...FIRST_RUN, runId: 'tuesday' };
    await runner.fetch(stale, 'AAPL', history(FRIDAY));
    expect(await runner.load(stale)).toMatchObject({ bars: 0, failed: 0, restated: [] });
    expect(await closes(db.sql)).toEqual(before);
    expect(await notes(db.sql, 'tuesday')).toEqual(['AAPL superseded']);
  });

  test('over one of the same days that was asked for earlier', async () => {
    await monday();
    await loadMonday();
    await runner.load(WHOLE);
    const earlier = { ...WHOLE, runId: 'tuesday', fetchedAt: '2026-03-09T23:04:00.000Z' };
    await runner.fetch(earlier, 'AAPL', history(MONDAY), { actions: [{ ...DIVIDEND, value: 2 }] });
    expect(await runner.load(earlier)).toMatchObject({ bars: 0, failed: 0, restated: [] });
    expect(await closes(db.sql)).toEqual(closesOf(history(MONDAY, adjusted)));
    expect(await actions()).toEqual(['AAPL 2026-03-09 dividend 1 csv']);
    expect(await notes(db.sql, 'tuesday')).toEqual(['AAPL superseded']);
  });

  test('and what an earlier fetch alone has is added, but no older word of an action', async () => {
    const paid = (value: number) => ({ actions: [{ ...DIVIDEND, exDay: '2026-03-03', value }] });
    await runner.begin(['AAPL'], paid(1));
    await db.sql`DELETE FROM price_bars WHERE ts = '2026-01-15'`;
    const stale = {
      ...FIRST_RUN,
      runId: 'tuesday',
      fetchedAt: '2026-03-05T23:00:00.000Z',
      asOf: '2026-03-05',
    };
    await runner.fetch(stale, 'AAPL', history('2026-03-05'), paid(2));
    expect(await runner.load(stale)).toMatchObject({ bars: 1 });
    expect(await actions()).toEqual(['AAPL 2026-03-03 dividend 1 csv']);
  });

  test('and a run as of an earlier day leaves a history that goes on after it', async () => {
    await runner.begin();
    const earlier = { ...MONDAY_RUN, from: '2026-02-20', asOf: '2026-03-04' };
    await runner.fetch(earlier, 'AAPL', history('2026-03-04', { from: '2026-02-20', factor: 0.99 }));
    const before = await closes(db.sql);
    expect(await runner.load(earlier)).toMatchObject({ bars: 0, restated: [] });
    expect(await closes(db.sql)).toEqual(before);
    expect(await notes(db.sql, 'monday')).toEqual(['AAPL superseded']);
  });
});
