import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { publishRun } from '../../../functions/infer/publish.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { useTestDatabase } from '../../support/database.ts';
import { census, checksum, inferResult, predictionsOf } from './publish-support.ts';
import { seedInstruments, seedModel, seedRun } from './support.ts';

const INSTRUMENTS = 40;

const db = useTestDatabase();
let pipeline: Sql;
let model: string;
let ids: string[];
beforeAll(() => {
  pipeline = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments CASCADE`;
  model = await seedModel(db.sql);
  ids = await seedInstruments(
    db.sql,
    Array.from({ length: INSTRUMENTS }, (_, i) => `S${i}`),
  );
  for (let run = 0; run < 4; run++) await seedRun(db.sql, `run-${run}`);
});

/** A run's predictions, identified by their expected return. */
const publish = (run: number) =>
  publishRun(
    inferResult(`run-${run}`),
    predictionsOf(model, ids, { expectedExcess: 0.02 + run / 1000 }),
    pipeline,
  );

describe('concurrent publishing', () => {
  test('leaves one run active and archives the others', async () => {
    await Promise.all([0, 1, 2, 3].map(publish));
    const each = INSTRUMENTS * 3;
    expect(await census(db.sql)).toEqual({
      active: each,
      archived: 3 * each,
      runs: { 'run-0': each, 'run-1': each, 'run-2': each, 'run-3': each },
    });
    const sets =
      await db.sql`SELECT run_id, count(*)::int AS n FROM recommendations WHERE is_active GROUP BY run_id`;
    expect(sets).toEqual([{ run_id: expect.stringMatching(/^run-[0-3]$/), n: each }]);
  });

  test('inserts equal predictions once', async () => {
    const same = predictionsOf(model, ids);
    const answers = await Promise.all(
      [0, 1, 2].map((run) => publishRun(inferResult(`run-${run}`), same, pipeline)),
    );
    expect(answers.map(({ activated }) => activated).sort()).toEqual([0, 0, INSTRUMENTS * 3]);
    const before = await checksum(db.sql);
    await publishRun(inferResult('run-3'), same, pipeline);
    expect(await checksum(db.sql)).toBe(before);
  });
});

describe('reading during publishing', () => {
  test('always returns the complete set of one run', async () => {
    await publish(0);
    const api = db.client('api');
    const seen = new Map<string, number>();
    let publishing = true;
    const reading = (async () => {
      while (publishing) {
        const sets = await api<{ run_id: string; n: number }[]>`
          SELECT run_id, count(*)::int AS n FROM recommendations WHERE is_active GROUP BY run_id`;
        for (const { run_id, n } of sets) {
          const key = `${run_id}: ${n} in ${sets.length}`;
          seen.set(key, (seen.get(key) ?? 0) + 1);
        }
        if (sets.length === 0) seen.set('none', 1);
      }
    })();
    for (let round = 1; round <= 12; round++) await publish(round % 4);
    publishing = false;
    await reading;
    expect([...seen.keys()].sort()).toEqual([0, 1, 2, 3].map((run) => `run-${run}: ${INSTRUMENTS * 3} in 1`));
    expect([...seen.values()].reduce((sum, n) => sum + n)).toBeGreaterThan(12);
  });
});
