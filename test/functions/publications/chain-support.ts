import { createHash } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { publishRun } from '../../../functions/infer/publish.ts';
import { type CanonicalCall, writeCanonical } from '../../../functions/publications/canonical.ts';
import { readPublication } from '../../../functions/publications/stored.ts';
import { connect, type Sql, type Transaction } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { type TestDatabase, useTestDatabase } from '../../support/database.ts';
import { inferResult, predictionsOf } from '../infer/publish-support.ts';
import { MemoryObjects, seedInstruments, seedModel, seedRun } from '../infer/support.ts';

/** A store of copies in memory. */
export class MemoryCopies extends MemoryObjects {
  async create(key: string, body: Uint8Array): Promise<boolean> {
    if (this.bodies.has(key)) return false;
    this.bodies.set(key, body);
    return true;
  }
}

/** The SHA-256 that {@link publishDay} names for the release. */
export const RELEASE_SHA256 = 'b'.repeat(64);

/** Numbers whose decimal form is long, or has an exponent. */
const HARD = {
  tiny: 1.5e-9,
  third: 1 / 3,
  sum: 0.1 + 0.2,
  large: 1.2e21,
  whole: 5,
  single: Math.fround(0.1),
};

/** Publishes calls of every instrument, which differ from those of other runs. */
export function publishDay(sql: Sql, runId: string, modelId: string, ids: string[], change = 0) {
  const predictions = predictionsOf(modelId, ids, {
    expectedExcess: 0.02 + change / 3000,
    currency: 'USD',
    inputs: { close_price: 100, atr_14: 4, vol_20d: 0.2, ret_20d: 0.08, ...HARD },
  });
  return publishRun(inferResult(runId), { ...predictions, releaseSha256: RELEASE_SHA256 }, sql);
}

interface Seeded {
  pipeline: Sql;
  superuser: Sql;
  /** The id of the model version v1.0.0. */
  model: string;
  /** The ids of AAPL and MSFT. */
  ids: string[];
}

/** A database with two instruments, two model versions and four runs, and without publications. */
export function useEmptyChain(): { db: TestDatabase; seeded: Seeded } {
  const db = useTestDatabase();
  const seeded = {} as Seeded;
  beforeAll(async () => {
    const [row] = await db.sql<[{ name: string }]>`SELECT current_database() AS name`;
    seeded.superuser = connect({ ...inject('superuser'), dbname: row.name }, { max: 1 });
    seeded.pipeline = db.client('pipeline');
    seeded.model = await seedModel(db.sql);
    await db.sql`UPDATE model_versions SET is_active = false`;
    await seedModel(db.sql, 'v1.1.0', 'v1.1.0');
    seeded.ids = await seedInstruments(db.sql, ['AAPL', 'MSFT']);
    for (const run of ['run-1', 'run-2', 'run-3', 'run-4']) await seedRun(db.sql, run);
  });
  afterAll(() => seeded.superuser.end());
  return { db, seeded };
}

/** A publication's canonical text, its hash and its calls. */
export async function canonicalOf(tx: Transaction, id: number) {
  let text = '';
  const calls: CanonicalCall[] = [];
  const publication = defined(await readPublication(tx, id), `publication ${id}`);
  const write = (part: string) => {
    text += part;
  };
  await writeCanonical(tx, publication, write, (call) => calls.push(call));
  return { text, sha256: createHash('sha256').update(text).digest('hex'), calls };
}

/** {@link canonicalOf} in a transaction of its own. */
export function readText(sql: Sql, id: number) {
  return sql.begin((tx) => canonicalOf(tx, id));
}
