import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { publishRun } from '../../../functions/infer/publish.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { decideOrigin } from '../../../local/installation/data-origin.ts';
import { DENIED, outcomeOf, useTestDatabase } from '../../support/database.ts';
import { emptyStore, seedModelAndRun, seedRecommendation } from '../api/recommendations/support.ts';
import { inferResult, predictionsOf } from './publish-support.ts';
import { seedInstruments } from './support.ts';

const db = useTestDatabase();
let clients: Record<'pipeline' | 'api' | 'training', Sql>;
beforeAll(() => {
  clients = { pipeline: db.client('pipeline'), api: db.client('api'), training: db.client('training') };
});
beforeEach(async () => {
  await emptyStore(db.sql);
  await db.sql`UPDATE data_origin SET is_sample = NULL`;
  await seedModelAndRun(db.sql);
});

/** The kind of a call for a day that was published at an instant, by a model with data up to another day. */
async function kindOf(asOf: string, generatedAt: string, dataTo: string | null): Promise<string> {
  await db.sql`UPDATE model_versions SET data_to = ${dataTo} WHERE is_active`;
  const id = await seedRecommendation(db.sql, { symbol: 'AAPL', asOf, generatedAt, isActive: false });
  const [row] = await db.sql<[{ kind: string }]>`SELECT kind FROM recommendations WHERE id = ${id}`;
  return row.kind;
}

describe('a call is', () => {
  test.each([
    ['live', 'on its day', '2026-02-27T23:30:00Z', '2026-02-26'],
    ['live', 'four days later', '2026-03-03T23:59:59Z', '2026-02-26'],
    ['backdated', 'five days later', '2026-03-04T00:00:00Z', '2026-02-26'],
    ['backdated', 'before its day', '2026-02-26T23:59:59Z', '2026-02-26'],
    ['hindsight', 'on its day, with data up to it', '2026-02-27T23:30:00Z', '2026-02-27'],
    ['hindsight', 'later, with data up to it', '2026-03-31T00:00:00Z', '2026-03-30'],
    ['hindsight', 'on its day, with data up to an unknown day', '2026-02-27T23:30:00Z', null],
  ])('%s if it is published %s', async (kind, _, generatedAt, dataTo) => {
    expect(await kindOf('2026-02-27', generatedAt, dataTo)).toBe(kind);
  });

  test('one of a sample in a database that holds the sample', async () => {
    await decideOrigin(db.sql, 'sample', 'the database');
    expect(await kindOf('2026-02-27', '2026-02-27T23:30:00Z', '2026-02-26')).toBe('sample');
  });
});

describe('the database', () => {
  test('dates calls by its own clock, whatever the clock of the data', async () => {
    const [instrument = ''] = await seedInstruments(db.sql, ['AAPL']);
    const [model] = await db.sql<[{ id: string }]>`SELECT id FROM model_versions WHERE is_active`;
    vi.stubEnv(ENV.clock, '2026-03-02T22:00:00Z');
    const before = new Date();
    await publishRun(inferResult('run-1'), predictionsOf(model.id, [instrument]), clients.pipeline);
    const calls = await db.sql<
      { generated_at: Date; kind: string }[]
    >`SELECT generated_at, kind FROM recommendations`;
    expect(calls).toHaveLength(3);
    for (const { generated_at, kind } of calls) {
      expect(generated_at.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1);
      expect(generated_at.getTime()).toBeLessThanOrEqual(Date.now() + 1);
      // Published long after the as-of of the predictions.
      expect(kind).toBe('backdated');
    }
  });

  test.each(['generated_at', 'kind', 'id'])('lets no role choose %s', async (column) => {
    await seedRecommendation(db.sql, { symbol: 'AAPL' });
    for (const [role, client] of Object.entries(clients)) {
      const statement = `INSERT INTO recommendations (${column}) SELECT ${column} FROM recommendations`;
      expect(await outcomeOf(client, statement), role).toBe(DENIED);
    }
  });

  test('derives the kind for the owner too', async () => {
    const id = await seedRecommendation(db.sql, {
      symbol: 'AAPL',
      asOf: '2026-01-05',
      generatedAt: '2026-03-01T00:00:00Z',
    });
    const copied = await db.sql`
      INSERT INTO recommendations
      SELECT (jsonb_populate_record(r, jsonb_build_object('id', uuidv7(), 'kind', 'live', 'is_active', false))).*
      FROM recommendations r WHERE id = ${id} RETURNING kind`;
    expect(copied).toEqual([{ kind: 'backdated' }]);
  });

  test('keeps what a registered version learned from', async () => {
    const { training } = clients;
    for (const column of ['data_to', 'version', 'metrics_json'])
      expect(await outcomeOf(training, `UPDATE model_versions SET ${column} = ${column}`), column).toBe(
        DENIED,
      );
    expect(await outcomeOf(training, 'UPDATE model_versions SET is_active = is_active')).toBe('done');
  });
});
