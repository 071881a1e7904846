import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, rollback } from '../../../functions/migration/migrate.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../support/database.ts';
import { bar, batchOf, RUN, seedBars, seedInstruments, seedPartitions, seedRun } from '../ingest/support.ts';

/** Follows CONTRIBUTING's recipe for a feature in a copy of the project, with two made-up features. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

const DEFINITIONS = `
  gap_1d: {
    meaning: 'Open against the close before: O[t] / C[t-1] - 1',
    storage: 'additional',
    sentence: (v) => \`Its price \${moved(v)} overnight\`,
    rank: comparedReturn('Overnight'),
  },
  body_1d: {
    meaning: 'Close less open, in currency: C[t] - O[t]',
    storage: 'column',
    sentence: (v) => \`It closed \${v.toFixed(2)} above its open\`,
    rank: comparedLevel('Its close less its open'),
  },
`;
const COMPUTATIONS = `
    columns.gap_1d[to] = at(o, i) / earlier(c, i - 1) - 1;
    columns.body_1d[to] = close - at(o, i);
`;
/** Computes the batch with the copy's code, as the function of the state machine does. */
const COMPUTE = `
import { computeBatch } from './functions/features/features.ts';
import { inputSentence } from './functions/features/model-inputs.ts';
import { database } from './functions/shared/database.ts';
const sql = await database(process.argv[2]);
await computeBatch(JSON.parse(process.argv[3]), sql);
console.log(JSON.stringify([inputSentence('gap_1d', 0.02), inputSentence('body_1d_rank', 0.75)]));
await sql.end();
`;

const db = useTestDatabase();
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'boursomatic-feature-'));
  for (const name of ['functions', 'local', 'sql', 'package.json'])
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await seedPartitions(db.sql, '2026-03-02', '2026-03-04');
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** Inserts text into a file of the copy, before the entry of an existing feature. */
async function insert(file: string, text: string): Promise<void> {
  const path = join(copy, file);
  const parts = (await readFile(path, 'utf8')).split(/^(?= {2,4}(?:columns\.)?volume_ratio_5_60\b)/m);
  expect(parts, file).toHaveLength(2);
  await writeFile(path, parts.join(text));
}

/** A bar of an open and a close. */
const spanning = (day: string, o: number, c: number) =>
  bar(day, c, { o, h: Math.max(o, c), l: Math.min(o, c) });

const node = async (...args: string[]) => (await run(process.execPath, args, { cwd: copy })).stdout;
const viewOf = async () => (await db.sql`SELECT pg_get_viewdef('model_inputs'::regclass) AS text`)[0]?.text;

test('adds a feature to model_inputs with a definition, a computation and the written migration', async () => {
  const ids = await seedInstruments(db.sql, ['AAPL', 'IBM']);
  await seedRun(db.sql, RUN, 2);
  await seedBars(db.sql, defined(ids.get('AAPL'), 'id of AAPL'), [
    spanning('2026-03-03', 100, 110),
    spanning('2026-03-04', 111, 121),
  ]);
  await seedBars(db.sql, defined(ids.get('IBM'), 'id of IBM'), [
    spanning('2026-03-03', 50, 52),
    spanning('2026-03-04', 53, 40),
  ]);
  const before = await viewOf();

  await insert('functions/features/definitions.ts', DEFINITIONS);
  await insert('functions/features/compute.ts', COMPUTATIONS);
  const migrations = join(copy, 'sql/migrations');
  const known = await readdir(migrations);
  const written = await node('local/commands/features-migration.ts', 'add-gap');
  const files = (await readdir(migrations)).filter((file) => !known.includes(file)).sort();
  expect(files).toEqual([
    expect.stringMatching(/^\d{12}\.do\.add-gap\.sql$/),
    expect.stringContaining('.undo.'),
  ]);
  for (const file of files) expect(written).toContain(`wrote sql/migrations/${file}\n`);
  expect(await migrate(db.sql, migrations)).toEqual(['add-gap']);

  await writeFile(join(copy, 'compute.ts'), COMPUTE);
  const batch = batchOf({ symbols: ['AAPL', 'IBM'], asOf: '2026-03-04' });
  expect(JSON.parse(await node('compute.ts', db.url('pipeline'), JSON.stringify(batch)))).toEqual([
    'Its price rose 2.0% overnight',
    'Its close less its open is higher than that of 75% of stocks',
  ]);
  const rows = await db.client('training')`
    SELECT symbol, gap_1d, gap_1d_rank, body_1d, body_1d_rank
    FROM model_inputs JOIN instruments i ON i.id = instrument_id WHERE ts = '2026-03-04' ORDER BY symbol`;
  expect([...rows]).toEqual([
    { symbol: 'AAPL', gap_1d: expect.closeTo(1 / 110), gap_1d_rank: 0.25, body_1d: 10, body_1d_rank: 0.75 },
    { symbol: 'IBM', gap_1d: expect.closeTo(1 / 52), gap_1d_rank: 0.75, body_1d: -13, body_1d_rank: 0.25 },
  ]);

  expect(await rollback(db.sql, 1, migrations)).toEqual(['add-gap']);
  expect(await viewOf()).toBe(before);
});

test.each([[[]], [['Add']], [['a', 'b']]])('refuses the names %j', async (names) => {
  await expect(node('local/commands/features-migration.ts', ...names)).rejects.toMatchObject({
    code: 2,
    stderr: 'boursomatic: features:migration needs one NAME in lower case with hyphens, such as add-beta\n',
  });
});
