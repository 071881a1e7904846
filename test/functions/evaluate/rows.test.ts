import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { evaluateModel } from '../../../functions/evaluate/evaluate-model.ts';
import { columnsOf, type DayRange, type EvaluationRow, readRows } from '../../../functions/evaluate/rows.ts';
import { readRelease } from '../../../functions/infer/manifest.ts';
import { Model } from '../../../functions/infer/model.ts';
import { assertInputs } from '../../../functions/infer/versions.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { BadInputError, ModelError } from '../../../functions/shared/errors.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedFeatures } from '../infer/infer-support.ts';
import { daysUpTo, seedBars, seedInstruments } from '../infer/support.ts';
import { manifest } from './support.ts';

const DAYS = daysUpTo('2021-01-08', 12);

const store = useTestDatabase();
let sql: Sql;
beforeAll(async () => {
  sql = store.client('training');
  const [full = '', holed = ''] = await seedInstruments(store.sql, ['FULL', 'HOLED']);
  // FULL closes at 100, 101, … on every day; HOLED has no bar on the fifth.
  await seedBars(
    store.sql,
    full,
    DAYS.map((day, i) => ({ day, close: 100 + i })),
  );
  await seedBars(
    store.sql,
    holed,
    DAYS.map((day, i) => ({ day, close: 200 + i })).filter((_, i) => i !== 4),
  );
  for (const [i, day] of DAYS.entries()) {
    await seedFeatures(store.sql, full, day, i === 6 ? { ret_20d: null } : {});
    if (i !== 4) await seedFeatures(store.sql, holed, day);
  }
});

let rows: EvaluationRow[];
beforeEach(() => {
  rows = [];
});

async function read(range: DayRange = {}, change = {}) {
  const done: number[] = [];
  await sql.begin(async (tx) => {
    for await (const chunk of readRows(tx, manifest(change), range)) {
      rows.push(...chunk.days.flat());
      done.push(chunk.done);
    }
  });
  return { of: (symbol: string) => rows.filter((row) => row.symbol === symbol), done };
}

describe('readRows', () => {
  test('counts the horizon in the instrument’s bars, and leaves out rows without an outcome', async () => {
    const { of } = await read();
    const holed = of('HOLED');
    expect(holed.map(({ day }) => day)).toEqual(DAYS.filter((_, i) => i !== 4 && i < 10));
    // The third bar's second next is the fifth one, on the sixth day: 205 after 202.
    expect(holed[2]?.forward).toBeCloseTo(205 / 202 - 1, 12);
    expect(of('FULL')[0]?.forward).toBeCloseTo(102 / 100 - 1, 12);
  });

  test('leaves out a row without an input of the model, but counts its bar', async () => {
    const { of } = await read();
    expect(of('FULL').map(({ day }) => day)).toEqual(DAYS.filter((_, i) => i !== 6 && i < 10));
    expect(of('FULL')[4]?.forward).toBeCloseTo(106 / 104 - 1, 12);
    // A model without this input does not need it.
    rows = [];
    expect((await read({}, { features: ['ret_1d'] })).of('FULL')).toHaveLength(10);
  });

  test('applies the range to the days of rows, not to the bars of outcomes', async () => {
    const { of } = await read({ from: DAYS[2], to: DAYS[3] });
    expect(of('FULL').map(({ day }) => day)).toEqual([DAYS[2], DAYS[3]]);
    expect(of('FULL')[1]?.forward).toBeCloseTo(105 / 103 - 1, 12);
  });

  test('leaves out a row whose horizon spans a long halt', async () => {
    const [halted = ''] = await seedInstruments(store.sql, ['HALTED']);
    // Two bars may take 13 days. The first row's take 13, the second's take one more.
    const days = ['2020-06-01', '2020-06-02', '2020-06-14', '2020-06-16', '2020-06-17'];
    await seedBars(
      store.sql,
      halted,
      days.map((day, i) => ({ day, close: 50 + i })),
    );
    for (const day of days) await seedFeatures(store.sql, halted, day);
    const { of } = await read({ to: '2020-12-31' });
    expect(of('HALTED').map(({ day }) => day)).toEqual(['2020-06-01', '2020-06-14']);
  });

  test('returns rows by day and symbol, with the progress', async () => {
    const { done } = await read();
    const keys = rows.map(({ day, symbol }) => `${day} ${symbol}`);
    expect(keys).toEqual([...keys].sort());
    expect(done.at(-1)).toBe(1);
  });

  test('returns nothing for a range without days', async () => {
    expect((await read({ from: '2030-01-01' })).done).toEqual([]);
    rows = [];
    expect((await read({}, { horizonDays: 12 })).done).toEqual([]);
  });
});

describe('columnsOf', () => {
  test('lists stored columns, and the error names columns that are not stored', async () => {
    await assertInputs(sql, { version: 'v1.2.3', features: columnsOf(manifest()) });
    const features = columnsOf(manifest({ features: ['ret_1d', 'sentiment', 'pe_ratio'] }));
    const asserting = assertInputs(sql, { version: 'v1.2.3', features });
    await expect(asserting).rejects.toThrow(ModelError);
    await expect(asserting).rejects.toThrow(
      'model v1.2.3 needs inputs that the view model_inputs lacks: sentiment, pe_ratio',
    );
  });
});

describe('evaluateModel', () => {
  let model: Model;
  beforeAll(async () => {
    model = await Model.load(await readRelease(openObjects(BUNDLED_RELEASE.href), '.'));
  });

  test('rejects a range without rows and explains what a row needs', async () => {
    const evaluating = evaluateModel(sql, model, { from: '2020-12-30', to: '2021-01-08' });
    await expect(evaluating).rejects.toThrow(BadInputError);
    await expect(evaluating).rejects.toThrow(
      /^no rows to measure from 2020-12-30 to 2021-01-08: a row needs all \d+ inputs of the model and \d+ later bars$/,
    );
  });
});
