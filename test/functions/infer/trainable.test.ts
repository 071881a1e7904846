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

/** Stores instruments with features of the last day, and a bar on each of the days. */
async function seed(count: number, days: string[]): Promise<void> {
  const ids = await seedInstruments(
    db.sql,
    Array.from({ length: count }, (_, i) => `T${count}-${i}`),
  );
  const [first = '', last = ''] = [days[0], days.at(-1)];
  if (count === 0) return;
  await db.sql`SELECT ensure_partitions('daily', ${first}, ${last})`;
  for (const id of ids) {
    await seedBars(
      db.sql,
      id,
      days.map((day) => ({ day, close: 10 })),
    );
    await seedFeatures(db.sql, id, last);
  }
}

const refusal = () => assertTrainable(training).catch((error: unknown) => error);

describe('assertTrainable', () => {
  test('accepts 200 instruments and three years', async () => {
    await seed(200, ['2020-01-01', '2023-01-01']);
    await assertTrainable(training);
  });

  test('refuses where a few instruments alone have the years', async () => {
    await seed(199, ['2020-01-01', '2023-01-01']);
    await seed(3, ['2022-01-01', '2023-01-01']);
    expect((await refusal()) as Error).toMatchObject({
      message: expect.stringContaining('202 instruments with features, 199 of them with 3 years.'),
    });
  });

  test.each<[string, number, string[], string]>([
    ['too few instruments', 199, ['2020-01-01', '2023-06-01'], '199 instruments with features, 199 of them'],
    ['too few years', 200, ['2020-01-01', '2022-12-30'], '200 instruments with features, 0 of them'],
    ['no bars', 0, [], '0 instruments with features, 0 of them'],
  ])('refuses %s with both counts', async (_, count, days, found) => {
    await seed(count, days);
    const error = await refusal();
    expect(error).toBeInstanceOf(BadInputError);
    expect((error as Error).message).toContain(
      `retraining needs 200 instruments with 3 years of daily bars each; the database has ${found}`,
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
