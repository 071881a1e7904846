import { expect, test } from 'vitest';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import { readNames } from '../../../../functions/ingest/providers/choice.ts';
import { allowanceOf } from '../../../../functions/ingest/providers/descriptor.ts';
import { shareOf } from '../../../../functions/ingest/providers/policy.ts';
import { TIINGO } from '../../../../functions/ingest/providers/tiingo/descriptor.ts';
import { BadInputError } from '../../../../functions/shared/errors.ts';
import { recordFailures } from '../../../../functions/shared/ledger.ts';
import { allowanceNotice } from '../../../../local/reports/allowance-notice.ts';
import { useStore } from '../store-support.ts';
import { failures } from '../support.ts';

const SYMBOLS = Array.from({ length: 100 }, (_, i) => `S${String(i).padStart(3, '0')}`);
const store = useStore({ instruments: SYMBOLS, partitions: ['2017-01-01', '2027-12-31'] });

const NOW = new Date('2026-03-06T21:30:00Z');
const allowance = allowanceOf(readNames({ PROVIDER: 'tiingo' }));
const plan = async (runId: string, input: unknown = {}) => {
  const context = { provider: 'tiingo', allowance, now: NOW };
  const { batches, instruments } = await planRun({ runId, input }, store.sql, context);
  return { instruments, symbols: batches.flatMap(({ symbols }) => symbols).sort() };
};
/** Moves a run and what it left into the past. */
const age = async (runId: string, minutes: number) => {
  const ago = store.db.sql`now() - make_interval(mins => ${minutes})`;
  await store.db.sql`UPDATE pipeline_runs SET started_at = ${ago} WHERE id = ${runId}`;
};
/** Records that a run loaded some instruments, or that the vendor refused them. */
const fetched = async (runId: string, symbols: string[]) => {
  await store.db.sql`
    INSERT INTO instrument_fetches (instrument_id, interval, run_id, fetched_at, asked_from, source)
    SELECT id, 'daily', ${runId}, now(), '2018-03-06', 'tiingo' FROM instruments
    WHERE symbol IN (SELECT jsonb_array_elements_text(${store.db.sql.json(symbols)}))`;
};

test('plans as many instruments as the vendor serves in an hour, and says so before the run', async () => {
  const notice = await allowanceNotice(store.sql, { PROVIDER: 'tiingo' }, {});
  const { instruments, symbols } = await plan('a');
  expect({ instruments, symbols }).toEqual({ instruments: 100, symbols: SYMBOLS.slice(0, 45) });
  expect(notice).toMatch(/A run after \d{4}-\d\d-\d\d \d\d:\d\d UTC requests the next ones\.$/);
  expect(notice).toContain(
    "Tiingo's free plan serves 50 requests an hour, of which 5 are kept for retries: 100 instruments take 3 hours. " +
      'This run requests the 45 that have waited longest; the others keep their last calls.',
  );
  // A run for which nothing is left says so itself, and a replay requests nothing.
  expect(await allowanceNotice(store.sql, { PROVIDER: 'tiingo' }, {})).toBeUndefined();
  expect(await allowanceNotice(store.sql, { PROVIDER: 'tiingo' }, { replay: 'a' })).toBeUndefined();
  expect(await allowanceNotice(store.sql, { PROVIDER: 'yahoo' }, {})).toBeUndefined();
  const deferred = await failures(store.db.sql, 'a');
  expect(deferred).toHaveLength(55);
  expect(deferred).toContain('S045 plan deferred');
});

test('takes the instruments in turn over the following runs, those that fail as well', async () => {
  const first = await plan('a');
  await fetched('a', first.symbols.slice(0, 40));
  const bad = first.symbols.slice(40);
  await recordFailures(
    store.sql,
    'a',
    bad.map((symbol) => ({ symbol, step: 'fetch', reason: 'not_found', message: 'no' })),
  );
  await age('a', 61);
  const second = await plan('b');
  expect(second.symbols).toEqual(SYMBOLS.slice(45, 90));
  await fetched('b', second.symbols);
  await age('b', 61);
  const third = await plan('c');
  expect(third.symbols.slice(-10)).toEqual(SYMBOLS.slice(90));
  expect(third.symbols.slice(0, 35)).toEqual(SYMBOLS.slice(0, 35));
});

test('takes reference instruments after those that get recommendations', async () => {
  await store.db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol < 'S070'`;
  const first = await plan('a');
  expect(first.symbols).toEqual([...SYMBOLS.slice(0, 15), ...SYMBOLS.slice(70)]);
  await fetched('a', first.symbols);
  await age('a', 61);
  expect((await plan('b')).symbols).toEqual([...SYMBOLS.slice(15, 30), ...SYMBOLS.slice(70)]);
});

test('requests again at once what the vendor refused for its allowance', async () => {
  const { symbols } = await plan('a');
  await fetched('a', symbols.slice(1));
  const refused = { symbol: 'S000', step: 'fetch', reason: 'quota_exceeded', message: 'no' } as const;
  await recordFailures(store.sql, 'a', [refused]);
  await age('a', 61);
  expect((await plan('b')).symbols).toContain('S000');
});

test('gives a run within the hour what the earlier one has left', async () => {
  await plan('a', { symbols: SYMBOLS.slice(0, 30) });
  await fetched('a', SYMBOLS.slice(0, 30));
  expect((await plan('b', { symbols: SYMBOLS.slice(0, 40) })).symbols).toEqual([
    ...SYMBOLS.slice(0, 5),
    ...SYMBOLS.slice(30, 40),
  ]);
});

test('refuses a run for which nothing is left, and says when to start it again', async () => {
  await plan('a');
  await age('a', 20);
  const error = await plan('b').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BadInputError);
  const { message } = error as BadInputError;
  expect(message).toMatch(
    /Earlier runs have used this hour's: start the run again after (\d{4}-\d\d-\d\d \d\d:\d\d) UTC\.$/,
  );
  const next = Date.parse(`${/after (\S+ \S+) UTC/.exec(message)?.[1]}Z`);
  expect((next - Date.now()) / 60_000).toBeCloseTo(39.5, -1);
});

test('keeps the allowance of a day', async () => {
  for (let i = 0; i < 20; i++) {
    await plan(`run-${i}`);
    await age(`run-${i}`, 90 + i * 60);
  }
  await expect(plan('last')).rejects.toThrow(/start the run again after/);
});

test('plans the same instruments when the same run is planned again', async () => {
  const first = await plan('a');
  expect(await plan('a')).toEqual(first);
});

test('does not count replays, and does not limit them', async () => {
  await plan('a');
  expect((await plan('b', { replay: 'a' })).symbols).toHaveLength(45);
  await age('a', 61);
  expect((await plan('c')).symbols).toHaveLength(45);
});

test.each([
  ['yahoo', false],
  ['tiingo', true],
  ['tiingo,yahoo', false],
  ['yahoo,tiingo', false],
  ['massive', false],
  ['csv', false],
])('bounds the runs of %s: %s', (provider, isBounded) => {
  expect(allowanceOf(readNames({ PROVIDER: provider })) !== undefined).toBe(isBounded);
});

test('gives each process the whole allowance that Plan keeps, and else its share', () => {
  expect(shareOf(TIINGO.policy, 4, true)).toMatchObject({ requestsPerHour: 50, intervalMs: 2000 });
  expect(shareOf(TIINGO.policy, 4)).toMatchObject({ requestsPerHour: 12, intervalMs: 2000 });
});
