import { describe, expect, test } from 'vitest';
import {
  closesOf,
  DIVIDEND,
  FIRST_RUN,
  FRIDAY,
  history,
  MONDAY,
  MONDAY_RUN,
  OVERLAP,
  TUESDAY_RUN,
} from '../history-support.ts';
import { backlog, revisions } from '../support.ts';
import { adjusted, db, runner, WHOLE } from './restated-support.ts';

describe('detecting a restated past', () => {
  const loads = async (bars = history(MONDAY, { from: OVERLAP }), facts = {}) => {
    await runner.begin();
    await runner.fetch(MONDAY_RUN, 'AAPL', bars, facts);
    return runner.load(MONDAY_RUN);
  };
  const changed = (place: number, factor: number) =>
    history(MONDAY, { from: OVERLAP }).map((bar, i) =>
      i === place ? ([bar[0], ...bar.slice(1, 5).map((x) => x * factor), bar[5]] as typeof bar) : bar,
    );

  test('holds back after a split that the source does not report', async () => {
    const split = history(MONDAY, { from: OVERLAP, factor: 0.25, before: MONDAY, level: 100 });
    const bars = split.map((bar) =>
      bar[0] >= Date.parse(MONDAY) ? history(MONDAY, { factor: 0.25 }).at(-1) : bar,
    );
    expect(await loads(bars.filter((bar) => bar !== undefined))).toMatchObject({
      restated: ['AAPL'],
      bars: 0,
    });
  });

  test('holds back for a new action before the last stored bar, even with unchanged prices', async () => {
    const known = { actions: [{ ...DIVIDEND, exDay: '2026-03-05' }] };
    expect(await loads(undefined, known)).toMatchObject({ restated: ['AAPL'] });
    await runner.fetch(WHOLE, 'AAPL', history(MONDAY), known);
    expect(await runner.load(WHOLE)).toMatchObject({ bars: 1 });
    expect(await revisions(db.sql)).toEqual([]);
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ bars: 0, restated: [] });
  });

  test('holds back when a known action has another value', async () => {
    const paid = (value: number) => ({ actions: [{ ...DIVIDEND, exDay: '2026-03-03', value }] });
    await runner.begin(['AAPL'], paid(1));
    await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP }), paid(1 + 1e-9));
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ restated: [] });
    await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP }), paid(1.01));
    expect(await runner.load(MONDAY_RUN)).toMatchObject({ restated: ['AAPL'] });
  });

  test.each([
    ['is in the future', '2026-03-10'],
    ['was before the first bar', '2024-11-29'],
  ])('ignores an action that %s', async (_, exDay) => {
    expect(await loads(undefined, { actions: [{ ...DIVIDEND, exDay }] })).toMatchObject({
      restated: [],
      bars: 1,
    });
  });

  test('stores a correction of a later bar and keeps the original in bar_revisions', async () => {
    expect(await loads(changed(3, 1.001))).toMatchObject({ restated: [], bars: 2 });
    const was = closesOf(history(FRIDAY)).get('2026-03-04');
    expect(await revisions(db.sql)).toEqual([`AAPL 2026-03-04 ${was} csv`]);
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-03-04']);
  });

  test('stores a large correction of a later bar', async () => {
    expect(await loads(changed(3, 1.1))).toMatchObject({ restated: [], bars: 2, failed: 0 });
  });

  test('stores another volume', async () => {
    const bars = history(MONDAY, { from: OVERLAP });
    const first = bars[0];
    if (first) first[5] *= 1.01;
    expect(await loads(bars)).toMatchObject({ restated: [], bars: 2 });
  });

  test('ignores differences below the noise of single precision', async () => {
    expect(await loads(changed(0, 1 + 9e-7))).toMatchObject({ restated: [], bars: 1 });
    expect(await revisions(db.sql)).toEqual([]);
  });

  test('holds back for a difference above the noise of single precision', async () => {
    expect(await loads(changed(0, 1 + 2e-6))).toMatchObject({ restated: ['AAPL'] });
  });

  test.each([
    ['a step', 0.5],
    ['no visible step', 1],
  ])('holds back bars without a common stored bar, with %s', async (_, factor) => {
    await runner.begin();
    const run = { ...MONDAY_RUN, from: MONDAY };
    await runner.fetch(run, 'AAPL', history(MONDAY, { from: MONDAY, factor }));
    expect(await runner.load(run)).toMatchObject({ restated: ['AAPL'], bars: 0 });
  });

  test('stores bars older than every stored one', async () => {
    await runner.fetch(MONDAY_RUN, 'AAPL', history(MONDAY, { from: OVERLAP }));
    await runner.load(MONDAY_RUN);
    const run = { ...FIRST_RUN, runId: 'tuesday', asOf: '2026-02-20', fetchedAt: TUESDAY_RUN.fetchedAt };
    await runner.fetch(run, 'AAPL', history('2026-02-20'));
    expect(await runner.load(run)).toMatchObject({ restated: [], bars: history('2026-02-20').length });
  });

  test('rewrites the stored bars at once when all of them were requested', async () => {
    await runner.begin();
    const run = { ...FIRST_RUN, runId: 'monday', asOf: MONDAY, fetchedAt: MONDAY_RUN.fetchedAt };
    await runner.fetch(run, 'AAPL', history(MONDAY, adjusted));
    expect(await runner.load(run)).toMatchObject({ restated: [], bars: history(MONDAY).length });
  });
});
