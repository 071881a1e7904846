import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handler } from '../../../functions/infer/promote.lambda.ts';
import { assertTrainable } from '../../../functions/infer/trainable.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { closeDatabases, type Sql } from '../../../functions/shared/database.ts';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedFeatures } from './infer-support.ts';
import { seedBars, seedInstruments } from './support.ts';

const db = useTestDatabase();
let training: Sql;
beforeAll(() => {
  training = db.client('training');
});
beforeEach(async () => {
  await db.sql`TRUNCATE instruments, model_versions CASCADE`;
});

/** Stores instruments with features of a day, of which the first has a bar on each of the days. */
async function seed(count: number, days: string[]): Promise<void> {
  const ids = await seedInstruments(
    db.sql,
    Array.from({ length: count }, (_, i) => `T${i}`),
  );
  const [first = '', last = ''] = [days[0], days.at(-1)];
  if (count === 0) return;
  await db.sql`SELECT ensure_partitions('daily', ${first}, ${last})`;
  await seedBars(
    db.sql,
    ids[0] ?? '',
    days.map((day) => ({ day, close: 10 })),
  );
  for (const id of ids) await seedFeatures(db.sql, id, last);
}

const refusal = () => assertTrainable(training).catch((error: unknown) => error);

describe('assertTrainable', () => {
  test('accepts 200 instruments and three years', async () => {
    await seed(200, ['2020-01-01', '2023-01-01']);
    await assertTrainable(training);
  });

  test.each<[string, number, string[], string]>([
    [
      'too few instruments',
      199,
      ['2020-01-01', '2023-06-01'],
      '199 instruments with features and 3.41 years of bars (2020-01-01 to 2023-06-01)',
    ],
    [
      'too few years',
      200,
      ['2020-01-01', '2022-12-30'],
      '200 instruments with features and 2.99 years of bars (2020-01-01 to 2022-12-30)',
    ],
    ['no bars', 0, [], '0 instruments with features and 0 years of bars.'],
  ])('refuses %s with both counts', async (_, count, days, found) => {
    await seed(count, days);
    const error = await refusal();
    expect(error).toBeInstanceOf(BadInputError);
    expect((error as Error).message).toContain(
      `retraining needs daily bars of 200 instruments over 3 years; the database has ${found}`,
    );
  });
});

describe('the first step of retraining', () => {
  beforeEach(() => {
    process.env[ENV.trainingDatabaseSecret] = db.url('training');
    process.env[ENV.modelObjectsUrl] = 'file:///nowhere/';
  });
  afterEach(async () => {
    await closeDatabases();
    delete process.env[ENV.trainingDatabaseSecret];
    delete process.env[ENV.modelObjectsUrl];
  });

  const choose = () => handler({ step: 'choose', runId: 'run-1', input: {} });

  test('refuses too little data', async () => {
    await seed(3, ['2020-01-01', '2023-06-01']);
    await expect(choose()).rejects.toThrow('the database has 3 instruments');
  });

  test('names the next version if there is enough data', async () => {
    await seed(200, ['2020-01-01', '2023-06-01']);
    expect(await choose()).toMatchObject({ version: 'v0.1.0' });
  });
});
