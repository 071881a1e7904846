import { beforeAll, expect, test } from 'vitest';
import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import { MODEL_INPUT_NAMES } from '../../../functions/features/model-inputs.ts';
import { createModelInputsView } from '../../../functions/features/model-inputs-view.ts';
import { useTestDatabase } from '../../support/database.ts';
import { bar, seedBars, seedInstruments, seedPartitions } from '../ingest/support.ts';
import { seededRandom } from './series.ts';

const SYMBOLS = ['AAPL', 'IBM', 'KO', 'MCD', 'XOM', 'GE', 'T'];
const DAYS = ['2026-03-02', '2026-03-03', '2026-03-04'];

const db = useTestDatabase();
beforeAll(async () => {
  await seedPartitions(db.sql, '2026-03-01', '2026-03-31');
  const ids = await seedInstruments(db.sql, SYMBOLS);
  const random = seededRandom(7);
  // A sixth of the values are missing, and a few are equal.
  const value = () => (random() < 1 / 6 ? null : Math.round(random() * 40) / 40);
  const features = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, value()]));
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
