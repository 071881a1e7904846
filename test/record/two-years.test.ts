import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { registerInstruments } from '../../functions/ingest/instruments.ts';
import { setBenchmark } from '../../functions/ingest/reference/benchmark.ts';
import { ENV } from '../../functions/shared/constants.ts';
import { closeDatabases, connect, type Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { BUNDLED_RELEASE } from '../../local/installation/release-folder.ts';
import { runCommand } from '../local/commands/command-support.ts';
import { random } from '../market/random.ts';
import { type MarketServer, startMarket } from '../market/server.ts';
import { DENIED, outcomeOf, useTestDatabase } from '../support/database.ts';
import { type Disturbance, disturbedDay } from './disturb.ts';
import { expectedCounts } from './expected-counts.ts';
import { type Call, ExpectedRecord, type Outcome } from './expected-record.ts';
import { BACKDATED } from './made-up-predictions.ts';
import { moveClock } from './moving-clock.ts';
import { playDay } from './play-day.ts';
import { readCalls, readCounts, readMarkets, readOutcomes } from './stored-record.ts';
import { BENCHMARK, Vendor } from './vendor.ts';

/** Live days to play; npm run test:record -- --days 500 plays two years. */
const DAYS = Number(process.env.RECORD_DAYS ?? 60);
const SEED = Number(process.env.RECORD_SEED ?? 1);
const DISTURBED = 0.08;
/** How often a run as of two weeks earlier follows. */
const BACKDATING = 0.04;
const SESSIONS_BACK = 10;

/** Ways to improve the record; test/sql/record.test.ts tries each column of each table. */
const FORGERIES = [
  "UPDATE recommendations SET label = 'BUY'",
  "UPDATE recommendations SET kind = 'live'",
  'DELETE FROM recommendations',
  'UPDATE recommendation_outcomes SET realised_return_pct = 10',
  'DELETE FROM recommendation_outcomes',
  'DELETE FROM outcome_revisions',
  'UPDATE track_record_market_returns SET return_pct = -10',
  'UPDATE track_record_days SET above_market = scored',
  'UPDATE publications SET sha256 = previous',
  'TRUNCATE publication_calls',
];

const db = useTestDatabase();
const vendor = new Vendor({ days: DAYS, seed: SEED });
const expected = new ExpectedRecord();
const disturbed: Partial<Record<Disturbance, number>> = {};
let superuser: Sql;
let database: string;
let server: MarketServer;
const copiesUrl = () => pathToFileURL(`${db.objects}/copies/`);

beforeAll(async () => {
  const [row] = await db.sql<{ name: string }[]>`SELECT current_database() AS name`;
  database = defined(row, 'database').name;
  superuser = connect({ ...inject('superuser'), dbname: database });
  server = await startMarket({ market: vendor.market });
  for (const [name, value] of Object.entries({
    [ENV.pipelineDatabaseSecret]: db.url('pipeline'),
    [ENV.modelObjectsUrl]: BUNDLED_RELEASE.href,
    [ENV.rawObjectsUrl]: pathToFileURL(`${db.objects}/raw/`).href,
    [ENV.publicationObjectsUrl]: copiesUrl().href,
    [ENV.provider]: 'yahoo',
  }))
    vi.stubEnv(name, value);
  await db.sql`
    INSERT INTO model_versions (version, trained_at, data_to, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.0.0', '2020-01-01', '2019-12-31', 'hash', '{}', '.', true)`;
  await registerInstruments(
    db.sql,
    vendor.symbols.map((symbol) => ({ symbol })),
  );
  await setBenchmark(db.sql, BENCHMARK);
});
afterAll(async () => {
  await closeDatabases();
  await server.close();
  await superuser.end();
  vi.unstubAllEnvs();
});

/** Deactivates the paused instruments, activates those whose pause is over, and returns the active ones. */
async function pauseAndResume(): Promise<string[]> {
  const active = vendor.symbols.filter((symbol) => !vendor.paused.has(symbol));
  const followed = [...active, BENCHMARK];
  await db.sql`
    UPDATE instruments SET is_active = NOT is_active
    WHERE is_active <> (symbol IN (SELECT jsonb_array_elements_text(${db.sql.json(followed)})))`;
  return followed;
}

test(
  `plays ${DAYS} live days`,
  async () => {
    const clock = await moveClock(superuser);
    const source = random(SEED + 1);
    for (const [i, day] of vendor.days.entries()) {
      vendor.begin(day);
      await clock.set(`${day}T22:30:00Z`);
      const active = await pauseAndResume();
      const run = { runId: day, day, origin: server.origin };
      const runIds = [run.runId];
      if (source.next() < DISTURBED) {
        const kind = await disturbedDay(run, superuser, source);
        disturbed[kind] = (disturbed[kind] ?? 0) + 1;
        // An operator redrives the run, or starts another one.
        if (source.next() < 0.5) run.runId = `${day}-again`;
        runIds.push(run.runId);
      }
      await playDay(run);
      for (const symbol of active) expected.learn(symbol, vendor.known(symbol, day));
      const calls = await readCalls(db.sql, runIds);
      const traded = active.filter((symbol) => symbol !== BENCHMARK && vendor.trades(symbol, day));
      expect(calls.map(({ symbol, profile, kind }) => `${symbol} ${profile} ${kind}`)).toEqual(
        traded.flatMap((symbol) =>
          ['aggressive', 'conservative', 'moderate'].map((profile) => `${symbol} ${profile} live`),
        ),
      );
      expected.publish(calls);
      expected.score(day);
      const to = vendor.days[i - SESSIONS_BACK];
      if (!to || source.next() >= BACKDATING) continue;
      const runId = `${BACKDATED}-${day}`;
      await playDay({ ...run, runId, to });
      expected.publish(await readCalls(db.sql, [runId]));
      expected.score(to);
    }
  },
  60 * 60_000,
);

const near = (value: number, digits = 3) => expect.closeTo(value, digits);
const nearOutcome = (outcome: Outcome, digits?: number) => ({
  ...outcome,
  exitClose: near(outcome.exitClose, digits),
  entryOpen: near(outcome.entryOpen, digits),
  returnPct: near(outcome.returnPct, digits),
  openReturnPct: near(outcome.openReturnPct, digits),
});

describe('the record of these days', () => {
  test('met every kind of event and of disturbance', () => {
    expect(
      Object.values(vendor.counts).every((count) => count > 0),
      JSON.stringify(vendor.counts),
    ).toBe(true);
    expect(Object.keys(disturbed).length, JSON.stringify(disturbed)).toBe(3);
    const kinds = Map.groupBy(expected.calls, ({ kind }) => kind);
    expect([...kinds.keys()].sort()).toEqual(['backdated', 'live']);
    expect(expected.outcomes.size).toBeGreaterThan(expected.calls.length / 3);
  });

  test('has the calls as they were published', async () => {
    const byId = (calls: readonly Call[]) => new Map(calls.map((call) => [call.id, call]));
    expect(byId(await readCalls(db.sql))).toEqual(byId(expected.calls));
  });

  test('has the outcomes as of their first scoring', async () => {
    const stored = await readOutcomes(db.sql, 'recommendation_outcomes');
    expect(stored.size).toBe(expected.outcomes.size);
    for (const [id, outcome] of expected.outcomes)
      expect(stored.get(id), describeCall(id)).toEqual(nearOutcome(outcome));
  });

  test('has revisions that end at the outcomes by the bars of today', async () => {
    const first = await readOutcomes(db.sql, 'recommendation_outcomes');
    const revised = await readOutcomes(db.sql, 'outcome_revisions');
    expect(revised.size).toBeGreaterThan(0);
    for (const call of expected.calls) {
      const today = expected.outcomeOf(call);
      const newest = revised.get(call.id) ?? first.get(call.id);
      if (today && newest) expect(newest, describeCall(call.id)).toEqual(nearOutcome(today, 2));
    }
  });

  test('has the returns of the average stock and of the benchmark', async () => {
    const stored = await readMarkets(db.sql);
    expect(stored.size).toBe(expected.markets.size);
    for (const [asOf, { instruments, returnPct, openReturnPct, benchmarkReturnPct }] of expected.markets) {
      expect(stored.get(asOf), new Date(asOf).toISOString()).toEqual({
        instruments,
        returnPct: near(returnPct),
        openReturnPct: near(openReturnPct),
        benchmark: benchmarkReturnPct === null ? null : BENCHMARK,
        benchmarkReturnPct: benchmarkReturnPct === null ? null : near(benchmarkReturnPct),
      });
    }
  });

  test('has day counts that agree with the calls and their outcomes', async () => {
    const stored = await readCounts(db.sql);
    const counts = expectedCounts(expected);
    expect(stored.length).toBe(counts.length);
    for (const [i, { returnSum, openReturnSum, marketReturnPct, ...exact }] of counts.entries()) {
      const sums = { returnSum: near(returnSum), openReturnSum: near(openReturnSum) };
      expect(stored[i]).toEqual({ ...exact, ...sums, marketReturnPct: near(marketReturnPct) });
    }
  });

  test.each(['pipeline', 'api', 'training'] as const)('is closed to changes by the role %s', async (role) => {
    const client = db.client(role);
    for (const statement of FORGERIES) expect(await outcomeOf(client, statement), statement).toBe(DENIED);
  });

  test('has a chain of publications that names a call of which one byte was changed', async () => {
    const ledger = (...more: string[]) =>
      runCommand('ledger.ts', ['verify', '--data-dir', inject('dataDir'), '--database', database, ...more], {
        cwd: db.objects,
      });
    const copies = ['--copies', fileURLToPath(copiesUrl())];
    const sound = await ledger(...copies);
    expect(sound.code, sound.error).toBe(0);
    expect(sound.out).toContain(
      `with ${expected.calls.length.toLocaleString('en-GB')} calls: all hashes agree.`,
    );
    const call = defined(expected.calls[Math.floor(expected.calls.length / 2)], 'call');
    const flip = (from: string, to: string) => db.sql`
      UPDATE recommendations SET justification = regexp_replace(justification, ${from}, ${to}) WHERE id = ${call.id}`;
    await flip('^A', 'B');
    for (const forged of [await ledger(), await ledger(...copies)]) {
      expect(forged.code).toBe(1);
      expect(forged.error).toContain(`the call ${call.symbol}, ${call.profile} (id ${call.id}) has changed`);
    }
    await flip('^B', 'A');
    expect((await ledger(...copies)).out).toBe(sound.out);
  });
});

function describeCall(id: string): string {
  const { symbol, profile, label, asOf } = defined(
    expected.calls.find((call) => call.id === id),
    'call',
  );
  return `${symbol} ${profile} ${label} of ${new Date(asOf).toISOString().slice(0, 10)}`;
}
