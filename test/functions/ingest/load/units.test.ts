import { describe, expect, test } from 'vitest';
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
import { failures, seedRun } from '../support.ts';

const { db, runner } = useRunner(['VOD.L']);
const SYMBOLS = ['VOD.L'];
const POUNDS = { currency: 'GBP' };
const WHOLE = { ...MONDAY_RUN, from: '2018-03-09', fetchedAt: '2026-03-09T23:05:00.000Z' };

/** The bars as pence. */
const pence = { factor: 100 };
const currencies = async () =>
  (await db.sql`SELECT currency FROM instruments`).map(({ currency }) => currency);

describe('bars that an earlier version stored in pence', () => {
  test('are replaced whole by the first answer in pounds, and never mixed with it', async () => {
    await runner.fetch(FIRST_RUN, 'VOD.L', history(FRIDAY, pence));
    await runner.load(FIRST_RUN, SYMBOLS);
    expect(await currencies()).toEqual([null]);

    await runner.fetch(MONDAY_RUN, 'VOD.L', history(MONDAY, { from: OVERLAP }), POUNDS);
    expect(await runner.load(MONDAY_RUN, SYMBOLS)).toMatchObject({ bars: 0, restated: SYMBOLS });
    expect(await closes(db.sql, 'VOD.L')).toEqual(closesOf(history(FRIDAY, pence)));
    expect(await currencies()).toEqual([null]);

    await runner.fetch(WHOLE, 'VOD.L', history(MONDAY), POUNDS);
    await runner.load(WHOLE, SYMBOLS);
    expect(await closes(db.sql, 'VOD.L')).toEqual(closesOf(history(MONDAY)));
    expect(await currencies()).toEqual(['GBP']);
    expect(await failures(db.sql, 'monday')).toEqual([]);
  });
});

describe('an answer in another unit than its currency says', () => {
  /** Performs a daily run whose answers, the first and the whole one, are in pence under the code of pounds. */
  async function wrongRun(runId: string, minute: number) {
    const fetchedAt = `2026-03-09T23:${10 + minute}:00.000Z`;
    const daily = { ...MONDAY_RUN, runId, fetchedAt };
    const whole = { ...WHOLE, runId, fetchedAt };
    if (runId !== 'monday') await seedRun(db.sql, runId, 1);
    await runner.fetch(daily, 'VOD.L', history(MONDAY, { ...pence, from: OVERLAP }), POUNDS);
    await runner.fetch(whole, 'VOD.L', history(MONDAY, pence), POUNDS);
    const first = await runner.load(daily, SYMBOLS);
    if (first.restated.length > 0) await runner.load(whole, SYMBOLS);
    return failures(db.sql, runId);
  }

  test('fails, and the stored bars stay', async () => {
    await runner.begin(SYMBOLS, POUNDS);
    expect(await wrongRun('monday', 0)).toEqual(['VOD.L load wrong_unit']);
    expect(await closes(db.sql, 'VOD.L')).toEqual(closesOf(history(FRIDAY)));
  });

  test('is believed once three answers in a row agree', async () => {
    await runner.begin(SYMBOLS, POUNDS);
    const ends: string[][] = [];
    for (const [i, runId] of ['monday', 'second', 'third'].entries()) ends.push(await wrongRun(runId, i));
    expect(ends).toEqual([['VOD.L load wrong_unit'], ['VOD.L load wrong_unit'], []]);
    expect(await closes(db.sql, 'VOD.L')).toEqual(closesOf(history(MONDAY, pence)));
  });

  test('is forgotten when a right answer follows', async () => {
    await runner.begin(SYMBOLS, POUNDS);
    await wrongRun('monday', 0);
    const right = { ...TUESDAY_RUN, from: '2026-03-02' };
    await runner.fetch(right, 'VOD.L', history(TUESDAY, { from: right.from }), POUNDS);
    expect(await runner.load(right, SYMBOLS)).toMatchObject({ failed: 0, restated: [] });
    expect(await closes(db.sql, 'VOD.L')).toEqual(closesOf(history(TUESDAY)));
  });

  test('is no reason to refuse a split of that ratio', async () => {
    await runner.begin(SYMBOLS, POUNDS);
    const split = { exDay: MONDAY, kind: 'split', value: 100 } as const;
    const facts = { ...POUNDS, actions: [split] };
    const after = { factor: 0.01 };
    await runner.fetch(MONDAY_RUN, 'VOD.L', history(MONDAY, { ...after, from: OVERLAP }), facts);
    await runner.fetch(WHOLE, 'VOD.L', history(MONDAY, after), facts);
    expect(await runner.load(MONDAY_RUN, SYMBOLS)).toMatchObject({ restated: SYMBOLS });
    await runner.load(WHOLE, SYMBOLS);
    expect(await failures(db.sql, 'monday')).toEqual([]);
    expect(await closes(db.sql, 'VOD.L')).toEqual(closesOf(history(MONDAY, after)));
  });
});

test('a changed currency is stored once the whole history has it', async () => {
  await runner.begin(SYMBOLS, POUNDS);
  const euros = { currency: 'EUR' };
  await runner.fetch(MONDAY_RUN, 'VOD.L', history(MONDAY, { from: OVERLAP }), euros);
  await runner.fetch(WHOLE, 'VOD.L', history(MONDAY), euros);
  expect(await runner.load(MONDAY_RUN, SYMBOLS)).toMatchObject({ bars: 0, restated: SYMBOLS });
  expect(await currencies()).toEqual(['GBP']);
  await runner.load(WHOLE, SYMBOLS);
  expect(await currencies()).toEqual(['EUR']);
});

test('an answer without a currency keeps the recorded one', async () => {
  await runner.begin(SYMBOLS, POUNDS);
  await runner.fetch(MONDAY_RUN, 'VOD.L', history(MONDAY, { from: OVERLAP }));
  expect(await runner.load(MONDAY_RUN, SYMBOLS)).toMatchObject({ failed: 0, restated: [] });
  expect(await currencies()).toEqual(['GBP']);
});
