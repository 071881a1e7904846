import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { registerInstruments } from '../../functions/ingest/instruments.ts';
import { setBenchmark } from '../../functions/ingest/reference/benchmark.ts';
import { ENV } from '../../functions/shared/constants.ts';
import { closeDatabases, connect, type Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { BUNDLED_RELEASE } from '../../local/installation/release-folder.ts';
import { random } from '../market/random.ts';
import { type MarketServer, startMarket } from '../market/server.ts';
import { useTestDatabase } from '../support/database.ts';
import { type Disturbance, disturbedDay } from './disturb.ts';
import { type Call, ExpectedRecord, type Outcome } from './expected-record.ts';
import { BACKDATED } from './made-up-predictions.ts';
import { moveClock } from './moving-clock.ts';
import { playDay } from './play-day.ts';
import { BENCHMARK, Vendor } from './vendor.ts';

/** Live days to play; npm run test:record -- --days 500 plays two years. */
const DAYS = Number(process.env.RECORD_DAYS ?? 60);
const SEED = Number(process.env.RECORD_SEED ?? 1);
const DISTURBED = 0.08;
/** How often a run as of two weeks earlier follows. */
const BACKDATING = 0.04;
const SESSIONS_BACK = 10;

const db = useTestDatabase();
const vendor = new Vendor({ days: DAYS, seed: SEED });
const expected = new ExpectedRecord();
const disturbed: Partial<Record<Disturbance, number>> = {};
let superuser: Sql;
let server: MarketServer;

beforeAll(async () => {
  const [row] = await db.sql<{ name: string }[]>`SELECT current_database() AS name`;
  superuser = connect({ ...inject('superuser'), dbname: defined(row, 'database').name });
  server = await startMarket({ market: vendor.market });
  for (const [name, value] of Object.entries({
    [ENV.pipelineDatabaseSecret]: db.url('pipeline'),
    [ENV.modelObjectsUrl]: BUNDLED_RELEASE.href,
    [ENV.rawObjectsUrl]: pathToFileURL(`${db.objects}/record/`).href,
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

/** The calls of a run, as they were published. */
const callsOf = (runIds: string[]) => db.sql<Call[]>`
  SELECT r.id, i.symbol, r.profile, r.label, r.kind, (extract(epoch FROM r.as_of) * 1000)::float8 AS "asOf",
    r.horizon_days AS "horizonDays", r.close, r.stop_loss AS stop, r.take_profit AS target
  FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
  WHERE r.run_id IN ${db.sql(runIds)} ORDER BY i.symbol, r.profile`;

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
      const calls = await callsOf(runIds);
      const traded = active.filter((symbol) => symbol !== BENCHMARK && vendor.trades(symbol, day));
      expect(calls.map(({ symbol, profile, kind }) => `${symbol} ${profile} ${kind}`)).toEqual(
        traded.flatMap((symbol) =>
          ['aggressive', 'conservative', 'moderate'].map((profile) => `${symbol} ${profile} live`),
        ),
      );
      expected.publish(calls);
      expected.score(day, active);
      const to = vendor.days[i - SESSIONS_BACK];
      if (!to || source.next() >= BACKDATING) continue;
      const runId = `${BACKDATED}-${day}`;
      await playDay({ ...run, runId, to });
      expected.publish(await callsOf([runId]));
      expected.score(to, active);
    }
  },
  60 * 60_000,
);

const near = (value: number) => expect.closeTo(value, 3);
const nearOutcome = (outcome: Outcome) => ({
  ...outcome,
  exitClose: near(outcome.exitClose),
  entryOpen: near(outcome.entryOpen),
  returnPct: near(outcome.returnPct),
  openReturnPct: near(outcome.openReturnPct),
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
    const stored = await db.sql<Call[]>`
      SELECT r.id, i.symbol, r.profile, r.label, r.kind, (extract(epoch FROM r.as_of) * 1000)::float8 AS "asOf",
        r.horizon_days AS "horizonDays", r.close, r.stop_loss AS stop, r.take_profit AS target
      FROM recommendations r JOIN instruments i ON i.id = r.instrument_id`;
    const byId = (calls: readonly Call[]) => new Map(calls.map((call) => [call.id, call]));
    expect(byId(stored)).toEqual(byId(expected.calls));
  });

  test('has the outcomes as of their first scoring', async () => {
    const rows = await db.sql<(Outcome & { id: string })[]>`
      SELECT recommendation_id AS id, (extract(epoch FROM exit_ts) * 1000)::float8 AS exit, exit_close AS "exitClose",
        entry_open AS "entryOpen", realised_return_pct AS "returnPct", open_return_pct AS "openReturnPct",
        first_hit AS "firstHit", first_hit_after AS "firstHitAfter"
      FROM recommendation_outcomes`;
    const stored = new Map(rows.map(({ id, ...outcome }) => [id, outcome]));
    expect(stored.size).toBe(expected.outcomes.size);
    for (const [id, outcome] of expected.outcomes)
      expect(stored.get(id), describeCall(id)).toEqual(nearOutcome(outcome));
  });

  test('has revisions that end at the outcomes by the bars of today', async () => {
    const rows = await db.sql<(Outcome & { id: string })[]>`
      SELECT id, (extract(epoch FROM exit_ts) * 1000)::float8 AS exit, exit_close AS "exitClose",
        entry_open AS "entryOpen", realised_return_pct AS "returnPct", open_return_pct AS "openReturnPct",
        first_hit AS "firstHit", first_hit_after AS "firstHitAfter"
      FROM (
        SELECT DISTINCT ON (recommendation_id) recommendation_id AS id, v.* FROM outcome_revisions v
        ORDER BY recommendation_id, revision DESC
      ) newest`;
    expect(rows.length).toBeGreaterThan(0);
    const revised = new Map(rows.map(({ id, ...outcome }) => [id, outcome]));
    for (const call of expected.calls) {
      const today = expected.outcomeOf(call);
      const first = expected.outcomes.get(call.id);
      if (today && first)
        expect(revised.get(call.id) ?? first, describeCall(call.id)).toEqual(nearOutcome(today));
    }
  });

  test('has the returns of the average stock and of the benchmark', async () => {
    const rows = await db.sql<{ asOf: number; benchmark: string | null }[]>`
      SELECT (extract(epoch FROM as_of) * 1000)::float8 AS "asOf", instruments, return_pct AS "returnPct",
        open_return_pct AS "openReturnPct", benchmark, benchmark_return_pct AS "benchmarkReturnPct"
      FROM track_record_market_returns ORDER BY as_of`;
    expect(rows.length).toBe(expected.markets.size);
    for (const { asOf, benchmark, ...market } of rows) {
      const { instruments, returnPct, openReturnPct, benchmarkReturnPct } = defined(
        expected.markets.get(asOf),
        'day',
      );
      expect(market, new Date(asOf).toISOString()).toEqual({
        instruments,
        returnPct: near(returnPct),
        openReturnPct: near(openReturnPct),
        benchmarkReturnPct: benchmarkReturnPct === null ? null : near(benchmarkReturnPct),
      });
      expect(benchmark).toBe(benchmarkReturnPct === null ? null : BENCHMARK);
    }
  });
});

function describeCall(id: string): string {
  const { symbol, profile, label, asOf } = defined(
    expected.calls.find((call) => call.id === id),
    'call',
  );
  return `${symbol} ${profile} ${label} of ${new Date(asOf).toISOString().slice(0, 10)}`;
}
