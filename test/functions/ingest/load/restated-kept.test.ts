import { beforeEach, describe, expect, test } from 'vitest';
import {
  closes,
  closesOf,
  DIVIDEND,
  FIRST_RUN,
  FRIDAY,
  history,
  MONDAY,
  MONDAY_RUN,
  TUESDAY,
  TUESDAY_RUN,
} from '../history-support.ts';
import { failures, notes, revisions, writeFailed } from '../support.ts';
import { actions, adjusted, db, loadMonday, monday, runner, WHOLE } from './restated-support.ts';

describe('an instrument keeps its stored series and fails', () => {
  beforeEach(monday);
  const unchanged = async (reason: string) => {
    expect(await closes(db.sql)).toEqual(closesOf(history(FRIDAY)));
    expect(await failures(db.sql, 'monday')).toEqual([`AAPL ${reason}`]);
    expect(await revisions(db.sql)).toEqual([]);
    expect(await actions()).toEqual([]);
  };

  test('when the whole history cannot be fetched, until the next run', async () => {
    await loadMonday();
    const failure = { reason: 'rate_limited', message: 'AAPL: too many', runId: 'monday', from: WHOLE.from };
    await writeFailed(runner.objects, 'AAPL', failure);
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 0, failed: 1 });
    await unchanged('fetch rate_limited');
    const bars = history(TUESDAY, { from: TUESDAY_RUN.from, ...adjusted });
    await runner.fetch(TUESDAY_RUN, 'AAPL', bars, { actions: [DIVIDEND] });
    expect(await runner.load(TUESDAY_RUN)).toMatchObject({ restated: ['AAPL'] });
  });

  test('when the whole history lacks many stored bars', async () => {
    const some = history(MONDAY, { ...adjusted, from: '2025-06-02' });
    await runner.fetch(WHOLE, 'AAPL', some, { actions: [DIVIDEND] });
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 0, failed: 1 });
    await unchanged('load partial_history');
  });

  test.each([
    { run: MONDAY_RUN, loaded: { bars: 0, failed: 0, restated: ['AAPL'] } },
    { run: WHOLE, loaded: { bars: 0, failed: 1, restated: [] } },
  ])('when prices are not adjusted for a reported split, from $run.from on', async ({ run, loaded }) => {
    const split = { exDay: MONDAY, kind: 'split', value: 4 } as const;
    const late = history(MONDAY, { from: run.from, factor: 4, before: MONDAY, level: 25 });
    await runner.fetch(run, 'AAPL', late, { actions: [split] });
    expect(await runner.load(run)).toMatchObject(loaded);
    await unchanged('load split_unapplied');
  });
});

describe('the later fetch wins', () => {
  test('over a delayed load of an earlier fetch', async () => {
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

  test('over an earlier fetch of the same days', async () => {
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

  test('over actions of an earlier fetch, of which only missing bars are added', async () => {
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

  test('except over a history that continues after its as-of', async () => {
    await runner.begin();
    const earlier = { ...MONDAY_RUN, from: '2026-02-20', asOf: '2026-03-04' };
    await runner.fetch(earlier, 'AAPL', history('2026-03-04', { from: '2026-02-20', factor: 0.99 }));
    const before = await closes(db.sql);
    expect(await runner.load(earlier)).toMatchObject({ bars: 0, restated: [] });
    expect(await closes(db.sql)).toEqual(before);
    expect(await notes(db.sql, 'monday')).toEqual(['AAPL superseded']);
  });
});
