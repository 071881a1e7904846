import { describe, expect, test } from 'vitest';
import { loadBatch } from '../../../../functions/ingest/load/load.ts';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import { type Batch, Batch as BatchSchema } from '../../../../functions/shared/contracts.ts';
import { BadInputError } from '../../../../functions/shared/errors.ts';
import { closes, closesOf, FRIDAY, history } from '../history-support.ts';
import { useStore } from '../store-support.ts';
import { failures, writeFailed, writeFetched } from '../support.ts';

const store = useStore({ instruments: ['AAPL', 'IBM', 'MSFT'], partitions: ['2018-01-01', '2027-12-31'] });
const { db } = store;

const plan = (input: unknown, runId: string, day = FRIDAY) =>
  planRun({ runId, input }, store.sql, { provider: 'yahoo', now: new Date(`${day}T23:00:00Z`) });

/** Plans a run and writes the records of its Fetch. */
async function fetched(input: object = {}): Promise<Batch[]> {
  const { batches } = await plan(input, 'original');
  for (const { runId, from, asOf: to, symbols } of batches) {
    const facts = { runId, from, to, provider: 'yahoo', fetchedAt: `${FRIDAY}T23:00:00.000Z` } as const;
    for (const symbol of symbols) {
      if (symbol === 'IBM')
        await writeFailed(store.objects, 'IBM', { ...facts, reason: 'timeout', message: 'late' });
      else await writeFetched(store.objects, symbol, history(FRIDAY), facts);
    }
  }
  return batches;
}

test('takes the mode, days and instruments of the replayed run, also later', async () => {
  const batches = await fetched();
  const replay = await plan({ replay: 'original' }, 'again', '2026-05-01');
  expect(replay).toEqual({
    runId: 'again',
    mode: 'daily',
    asOf: FRIDAY,
    instruments: 3,
    batches: batches.map((batch) => ({ ...batch, runId: 'again', replay: 'original' })),
  });
  for (const batch of replay.batches) expect(BatchSchema.parse(batch)).toEqual(batch);
  const [run] =
    await db.sql`SELECT mode, provider, as_of::text AS as_of, input FROM pipeline_runs WHERE id = 'again'`;
  expect(run).toEqual({ mode: 'daily', provider: 'yahoo', as_of: FRIDAY, input: { replay: 'original' } });
});

test('lets Load read the records of the replayed run and write to its own', async () => {
  await fetched();
  const { batches } = await plan({ replay: 'original' }, 'again');
  for (const batch of batches) {
    expect(await loadBatch(batch, store.sql, store.objects)).toMatchObject({
      bars: 2 * history(FRIDAY).length,
      failed: 1,
    });
    expect(await loadBatch(batch, store.sql, store.objects)).toMatchObject({ bars: 0, failed: 1 });
  }
  expect(await closes(db.sql)).toEqual(closesOf(history(FRIDAY)));
  expect(await failures(db.sql, 'again')).toEqual(['IBM fetch timeout']);
  expect(await failures(db.sql, 'original')).toEqual([]);
  const [row] = await db.sql`SELECT DISTINCT run_id, source FROM instrument_fetches`;
  expect(row).toEqual({ run_id: 'again', source: 'yahoo' });
});

test('changes nothing when the bars are still stored', async () => {
  const batches = await fetched();
  for (const batch of batches) await loadBatch(batch, store.sql, store.objects);
  const before = await db.sql`SELECT md5(string_agg(b::text, '|' ORDER BY b.id)) AS sum FROM price_bars b`;
  const replay = await plan({ replay: 'original' }, 'again');
  // The stored bars move the overlap of a new run, but not that of the replay.
  expect(replay.batches.map(({ from }) => from)).toEqual(batches.map(({ from }) => from));
  for (const batch of replay.batches)
    expect(await loadBatch(batch, store.sql, store.objects)).toMatchObject({ bars: 0 });
  expect(await db.sql`SELECT md5(string_agg(b::text, '|' ORDER BY b.id)) AS sum FROM price_bars b`).toEqual(
    before,
  );
});

test('replays only the named symbols', async () => {
  await fetched({ symbols: ['AAPL', 'IBM'] });
  const all = await plan({ replay: 'original' }, 'again');
  expect(all.batches.map(({ symbols }) => symbols)).toEqual([['AAPL', 'IBM']]);
  const some = await plan({ replay: 'original', symbols: ['IBM'] }, 'once-more');
  expect(some).toMatchObject({ instruments: 1, batches: [{ symbols: ['IBM'] }] });
  const inputs = await db.sql`SELECT input FROM pipeline_runs WHERE id <> 'original' ORDER BY id`;
  expect(inputs.map(({ input }) => input)).toEqual([
    { replay: 'original', symbols: ['AAPL', 'IBM'] },
    { replay: 'original', symbols: ['IBM'] },
  ]);
});

test('finds no records for days that the run did not fetch', async () => {
  const [batch] = await fetched();
  await plan({ replay: 'original' }, 'again');
  const other = { ...batch, runId: 'again', replay: 'original', from: '2026-03-02' } as Batch;
  expect(await loadBatch(other, store.sql, store.objects)).toMatchObject({ bars: 0, failed: 3 });
  const [row] = await db.sql`SELECT reason_code, message FROM pipeline_failures LIMIT 1`;
  expect(row).toEqual({
    reason_code: 'raw_missing',
    message: 'run original left no raw record for these days',
  });
});

describe('refusing a replay', () => {
  test.each<[string, object, string]>([
    ['a run that is not in the ledger', { replay: 'none' }, 'replay: run none is not in the ledger'],
    [
      'symbols that the run did not cover',
      { replay: 'original', symbols: ['AAPL', 'MSFT'] },
      'replay: run original did not cover MSFT',
    ],
    [
      'a replay of a replay',
      { replay: 'again' },
      'replay: run again is itself a replay of original, which has the raw records: replay that run',
    ],
    ['a run that planned nothing', { replay: 'refused' }, 'replay: run refused has no recorded batches'],
    [
      'days of the input',
      { replay: 'original', to: FRIDAY },
      'replay: takes the mode and the days of that run',
    ],
  ])('rejects %s', async (_, input, message) => {
    await fetched({ symbols: ['AAPL', 'IBM'] });
    await plan({ replay: 'original' }, 'again');
    await db.sql`INSERT INTO pipeline_runs (id, input, status) VALUES ('refused', '{}', 'failed')`;
    const refusal = await plan(input, 'third').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BadInputError);
    expect(String(refusal)).toContain(`pipeline input: ${message}`);
    expect(await db.sql`SELECT 1 FROM pipeline_runs WHERE id = 'third'`).toHaveLength(0);
  });
});
