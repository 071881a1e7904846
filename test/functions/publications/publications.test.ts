import { createHash } from 'node:crypto';
import serialise from 'canonicalize';
import { beforeEach, describe, expect, test } from 'vitest';
import { copyKey, copyPublications } from '../../../functions/publications/copies.ts';
import { readHead } from '../../../functions/publications/stored.ts';
import { verifyChain } from '../../../functions/publications/verify.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import type { Transaction } from '../../../functions/shared/database.ts';
import { MemoryCopies, publishDay, RELEASE_SHA256, readText, useEmptyChain } from './chain-support.ts';

const { db, seeded } = useEmptyChain();
const publish = (run: number, change = run) =>
  publishDay(seeded.pipeline, `run-${run}`, seeded.model, seeded.ids, change);
const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
const numbers = async () => (await db.sql`SELECT id FROM publications ORDER BY id`).map(({ id }) => id);

beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, publications CASCADE`;
});

describe('a publication', () => {
  test('contains the calls of its run, with every column as it is stored', async () => {
    await publish(1);
    const { text, calls } = await readText(db.sql, 1);
    const content = JSON.parse(text);
    expect(content).toMatchObject({
      id: 1,
      asOf: '2026-03-02',
      runId: 'run-1',
      releaseSha256: RELEASE_SHA256,
      previous: null,
    });
    expect(content.calls.map(({ symbol, profile }: Record<string, string>) => [symbol, profile])).toEqual(
      ['AAPL', 'MSFT'].flatMap((symbol) =>
        ['aggressive', 'conservative', 'moderate'].map((profile) => [symbol, profile]),
      ),
    );
    const [row] = await db.sql`
      SELECT r.*, (extract(epoch FROM r.generated_at) * 1000000)::bigint::text AS micros FROM recommendations r WHERE id = ${content.calls[0].id}`;
    expect(content.calls[0]).toEqual({
      id: row?.id,
      symbol: 'AAPL',
      exchange: 'NASDAQ',
      instrumentId: seeded.ids[0],
      profile: 'aggressive',
      label: 'BUY',
      confidence: 0.5,
      expectedReturnPct: row?.expected_return_pct,
      horizonDays: 20,
      stopLoss: 88,
      takeProfit: row?.take_profit,
      close: 100,
      atr: 4,
      currency: 'USD',
      asOf: '2026-03-02T00:00:00.000000Z',
      generatedAt: content.publishedAt,
      kind: 'hindsight',
      modelVersion: 'v1.0.0',
      runId: 'run-1',
      reasonsSha256: sha256(
        serialise({
          justification: row?.justification,
          featuresSnapshot: row?.features_snapshot,
          explanation: row?.explanation,
        }) ?? '',
      ),
    });
    const published: string = content.publishedAt;
    expect(String(Date.parse(published) * 1000 + Number(published.slice(23, 26)))).toBe(row?.micros);
    expect(calls.every(({ sha256, storedSha256 }) => sha256 === storedSha256)).toBe(true);
  });

  test('is canonical JSON of which the stored hashes are the SHA-256', async () => {
    await publish(1);
    const { text, calls } = await readText(db.sql, 1);
    expect(serialise(JSON.parse(text))).toBe(text);
    const head = await readHead(db.sql);
    expect(head).toMatchObject({ sha256: sha256(text), calls: 6 });
    const content = JSON.parse(text);
    expect(calls.map((call) => call.sha256)).toEqual(
      content.calls.map((call: object) => sha256(serialise(call) ?? '')),
    );
  });

  test('contains the hash of the publication before', async () => {
    for (const run of [1, 2, 3]) await publish(run);
    const texts = await Promise.all([1, 2, 3].map((id) => readText(db.sql, id)));
    expect(texts.map(({ text }) => JSON.parse(text).previous)).toEqual([
      null,
      texts[0]?.sha256,
      texts[1]?.sha256,
    ]);
  });

  test('is not made for the same content again, nor without calls', async () => {
    await publish(1);
    await publish(2, 1);
    await publishDay(seeded.pipeline, 'run-3', seeded.model, []);
    expect(await numbers()).toEqual([1]);
  });

  test('keeps the symbol and the exchange of an instrument that changes them', async () => {
    await publish(1);
    const before = await readText(db.sql, 1);
    await db.sql`UPDATE instruments SET symbol = 'APPL', exchange = 'XNAS' WHERE symbol = 'AAPL'`;
    const after = await readText(db.sql, 1);
    await db.sql`UPDATE instruments SET symbol = 'AAPL', exchange = 'NASDAQ' WHERE symbol = 'APPL'`;
    expect(after.text).toBe(before.text);
  });

  test('is one of several without gaps when runs publish at once', async () => {
    await Promise.all([1, 2, 3, 4].map((run) => publish(run)));
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    expect(await verifyChain(db.client('pipeline'))).toMatchObject({
      publications: 4,
      calls: 24,
      difference: null,
    });
  });

  test('is the next number after one that failed midway', async () => {
    await publish(1);
    await expect(publishDay(seeded.pipeline, 'no-run', seeded.model, seeded.ids, 2)).rejects.toThrow();
    await publish(2);
    expect(await numbers()).toEqual([1, 2]);
  });
});

describe('the database', () => {
  const hash = 'c'.repeat(64);
  const copyOfCall = (publication: string) => `
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, as_of, run_id, publication_id)
    SELECT instrument_id, model_version_id, profile, label, confidence, expected_return_pct, horizon_days, stop_loss,
      take_profit, justification, features_snapshot, explanation, as_of, run_id, ${publication}
    FROM recommendations LIMIT 1`;
  const publication = (id: string, calls: string, previous: string) => `
    INSERT INTO publications (id, as_of, run_id, calls, previous, sha256)
    VALUES (${id}, '2026-03-02', 'run-1', ${calls}, ${previous}, '${hash}')`;
  const LAST = '(SELECT sha256 FROM publications WHERE id = 1)';
  const publishIn = async (tx: Transaction) => {
    await tx.unsafe(copyOfCall('2'));
    await tx`
      INSERT INTO publication_calls SELECT id, 'AAPL', 'NASDAQ', ${hash} FROM recommendations WHERE publication_id = 2`;
    await tx.unsafe(publication('2', '1', LAST));
  };

  beforeEach(async () => {
    await publish(1);
  });

  test.each([
    ['a call for a complete publication', copyOfCall('1'), 'new calls belong to publication 2'],
    ['a call that skips a number', copyOfCall('3'), 'new calls belong to publication 2'],
    ['a call without a publication', copyOfCall('NULL'), 'a call needs a publication'],
    ['a call whose publication never comes', copyOfCall('2'), 'recommendations_publication_id_fkey'],
    ['a publication that skips a number', publication('3', '1', LAST), 'the next one is 2 after '],
    ['a publication with a number in use', publication('1', '1', 'NULL'), 'the next one is 2 after '],
    [
      'a publication with another previous hash',
      publication('2', '1', `'${hash}'`),
      'the next one is 2 after ',
    ],
    [
      'a publication without its calls',
      publication('2', '1', LAST),
      'not every call of publication 2 has its hash',
    ],
    [
      'a publication of a call without its hash',
      `${copyOfCall('2')}; ${publication('2', '1', LAST)}`,
      'not every call of publication 2 has its hash',
    ],
    [
      'the hash of a call that is published',
      `INSERT INTO publication_calls SELECT id, 'AAPL', 'NASDAQ', '${hash}' FROM recommendations LIMIT 1`,
      'publication_calls_pkey',
    ],
  ])('refuses %s', async (_what, statements, message) => {
    const attempt = seeded.pipeline.begin((tx) => tx.unsafe(statements).simple());
    await expect(attempt).rejects.toThrow(message);
    expect(await numbers()).toEqual([1]);
    expect(await db.sql`SELECT count(*)::int AS n FROM recommendations`).toEqual([{ n: 6 }]);
  });

  test('refuses the hash of a call from before the chain', async () => {
    const [call] =
      await db.sql`UPDATE recommendations SET publication_id = NULL WHERE profile = 'moderate' RETURNING id`;
    await db.sql`DELETE FROM publication_calls WHERE recommendation_id = ${call?.id}`;
    const attempt = seeded.pipeline`INSERT INTO publication_calls VALUES (${call?.id}, 'AAPL', 'NASDAQ', ${hash})`;
    await expect(attempt).rejects.toThrow('the publication of the call is complete, or there is none');
  });

  test('refuses a publication of a transaction that has been open for more than an hour', async () => {
    const attempt = seeded.superuser.begin(async (tx) => {
      await tx`SET LOCAL allow_system_table_mods = on`;
      await tx.unsafe(`
        CREATE OR REPLACE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
          AS $$ SELECT transaction_timestamp() + interval '61 minutes' $$`);
      await tx.unsafe(`SET LOCAL ROLE ${DATABASE_ROLES.pipeline}`);
      await publishIn(tx);
    });
    await expect(attempt).rejects.toThrow('its transaction began more than an hour ago');
    expect(await numbers()).toEqual([1]);
  });

  test('accepts a publication with its call and its hash', async () => {
    await seeded.pipeline.begin(publishIn);
    expect(await numbers()).toEqual([1, 2]);
  });
});

describe('copyPublications', () => {
  test('copies the canonical bytes of each publication once', async () => {
    const copies = new MemoryCopies();
    for (const run of [1, 2]) await publish(run);
    expect(await copyPublications(seeded.pipeline, copies)).toBe(2);
    expect(await copyPublications(seeded.pipeline, copies)).toBe(0);
    for (const id of [1, 2])
      expect(Buffer.from(copies.bodies.get(copyKey(id)) ?? '').toString()).toBe(
        (await readText(db.sql, id)).text,
      );
  });

  test('makes the copy of an earlier run that ended between its commit and its copy', async () => {
    const copies = new MemoryCopies();
    const unreachable = { create: () => Promise.reject(new Error('killed')), get: async () => undefined };
    await publish(1);
    await expect(copyPublications(seeded.pipeline, unreachable)).rejects.toThrow('killed');
    await publish(2);
    await copyPublications(seeded.pipeline, copies);
    expect([...copies.bodies.keys()]).toEqual(['00000001.json', '00000002.json']);
    expect(await verifyChain(seeded.pipeline, copies)).toMatchObject({
      copies: 2,
      uncopied: 0,
      difference: null,
    });
  });

  test('keeps the copy of a run that ended before it could record it', async () => {
    const copies = new MemoryCopies();
    await publish(1);
    copies.bodies.set('00000001.json', Buffer.from('first'));
    expect(await copyPublications(seeded.pipeline, copies)).toBe(1);
    expect(copies.bodies.get('00000001.json')?.toString()).toBe('first');
  });

  test('copies each publication once when runs copy at once', async () => {
    const copies = new MemoryCopies();
    await publish(1);
    await Promise.all([1, 2, 3].map(() => copyPublications(seeded.pipeline, copies)));
    expect(await db.sql`SELECT publication_id FROM publication_copies`).toEqual([{ publication_id: 1 }]);
  });

  test('refuses to copy a publication whose rows have changed', async () => {
    await publish(1);
    await db.sql`UPDATE recommendations SET label = 'SELL' WHERE profile = 'moderate'`;
    const copies = new MemoryCopies();
    await expect(copyPublications(seeded.pipeline, copies)).rejects.toThrow(
      'publication 1 has changed since it was stored; npm run ledger -- verify names the row',
    );
    expect(copies.bodies.size).toBe(0);
  });
});
