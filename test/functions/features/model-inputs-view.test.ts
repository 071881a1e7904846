import { beforeAll, expect, test } from 'vitest';
import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import { MARKET_INPUTS, MODEL_INPUT_NAMES, RANKED_INPUTS } from '../../../functions/features/model-inputs.ts';
import { createModelInputsView } from '../../../functions/features/model-inputs-view.ts';
import { useTestDatabase } from '../../support/database.ts';
import { bar, seedBars, seedInstruments, seedPartitions } from '../ingest/support.ts';
import { seededRandom } from './series.ts';

const SYMBOLS = ['AAPL', 'IBM', 'KO', 'MCD', 'XOM', 'GE', 'T'];
const DAYS = ['2026-03-02', '2026-03-03', '2026-03-04'];

const db = useTestDatabase();
beforeAll(async () => {
  await seedPartitions(db.sql, '2026-03-01', '2027-03-31');
  const ids = await seedInstruments(db.sql, SYMBOLS);
  const random = seededRandom(7);
  // A sixth of the values are missing, and a few are equal.
  const value = (lowest: number) => (random() < 1 / 6 ? null : Math.round((random() + lowest) * 40) / 40);
  const features = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, value(name.startsWith('ret_') ? -0.5 : 0)]));
  for (const id of ids.values()) {
    await seedBars(
      db.sql,
      id,
      DAYS.map((day) => bar(day, 50 + random())),
    );
    for (const ts of DAYS) {
      const additional_features = features(ADDITIONAL_FEATURE_NAMES);
      const row = { instrument_id: id, ts, ...features(COLUMN_FEATURE_NAMES), additional_features };
      await db.sql`INSERT INTO features ${db.sql(row)}`;
    }
  }
});

const namesOf = async (sql = db.sql) => {
  const columns = await sql<{ attname: string }[]>`
    SELECT attname FROM pg_attribute WHERE attrelid = 'model_inputs'::regclass AND attnum > 0 ORDER BY attnum`;
  return columns.map(({ attname }) => attname);
};

test('has been migrated to the defined inputs (if not: npm run features:migration)', async () => {
  const keys = ['instrument_id', 'ts', 'close_price'];
  expect((await namesOf()).sort()).toEqual([...keys, ...MODEL_INPUT_NAMES].sort());
});

test('returns the values of the migrated view when it is created from the definitions', async () => {
  const read = 'SELECT * FROM model_inputs ORDER BY ts, instrument_id';
  const migrated = { names: await namesOf(), rows: [...(await db.sql.unsafe(read))] };
  expect(migrated.rows).toHaveLength(SYMBOLS.length * DAYS.length);
  const generated = await db.sql.begin(async (tx) => {
    await tx.unsafe(`ALTER VIEW model_inputs RENAME TO migrated; ${createModelInputsView()}`);
    const types = await tx`
      SELECT attname, atttypid FROM pg_attribute WHERE attrelid = 'migrated'::regclass AND attnum > 0
      EXCEPT SELECT attname, atttypid FROM pg_attribute WHERE attrelid = 'model_inputs'::regclass`;
    expect([...types]).toEqual([]);
    const [rows, names] = [[...(await tx.unsafe(read))], await namesOf(tx as never)];
    await tx`DROP VIEW model_inputs`;
    await tx`ALTER VIEW migrated RENAME TO model_inputs`;
    return { names, rows };
  });
  const isRank = (name: string) => name.endsWith('_rank');
  expect(generated.rows).toEqual(migrated.rows);
  expect(generated.names.filter((name) => !isRank(name))).toEqual(
    migrated.names.filter((name) => !isRank(name)),
  );
  expect(generated.names.findIndex(isRank)).toBe(migrated.names.findIndex(isRank));
});

test('ranks each value as (rank - 0.5) / n among the values of its day, with ties and missing values', async () => {
  // Other currencies have tests of their own.
  await db.sql`UPDATE instruments SET currency = 'USD'`;
  const ranked = (input: string) => {
    const name = input.replace(/_rank$/, '');
    return (ADDITIONAL_FEATURE_NAMES as string[]).includes(name)
      ? `(f.additional_features ->> '${name}')::real`
      : `f.${name}`;
  };
  const ranks = [...RANKED_INPUTS.keys()].map((input) => {
    const value = ranked(input);
    return `CASE WHEN ${value} IS NOT NULL THEN
      ((rank() OVER (PARTITION BY f.ts ORDER BY ${value}) - 0.5::float8) / count(${value}) OVER (PARTITION BY f.ts))::real
      END AS ${input}`;
  });
  const market = Object.entries(MARKET_INPUTS).map(
    ([name, { averageOf }]) => `(avg(${averageOf}) OVER (PARTITION BY f.ts))::real AS ${name}`,
  );
  const inputs = [...RANKED_INPUTS.keys(), ...Object.keys(MARKET_INPUTS)].join(', ');
  const bars = `JOIN price_bars b ON b.instrument_id = f.instrument_id AND b.ts = f.ts AND b.interval = 'daily'`;
  const expected = await db.sql.unsafe(
    `SELECT f.instrument_id, f.ts, b.c AS close_price, ${[...ranks, ...market].join(', ')}
    FROM features f ${bars} ORDER BY f.ts, f.instrument_id`,
  );
  const found = await db.sql.unsafe(
    `SELECT instrument_id, ts, close_price, ${inputs} FROM model_inputs ORDER BY ts, instrument_id`,
  );
  expect([...found]).toEqual([...expected]);
});

test('reads only the days that a condition on ts names', async () => {
  const plan = await db.sql`
    EXPLAIN SELECT * FROM model_inputs
    WHERE ts >= '2026-03-03'::timestamptz AND ts <= '2026-03-04'::timestamptz`;
  const scanned = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(scanned).toContain('features_2026');
  expect(scanned).not.toContain('features_2027');
});
