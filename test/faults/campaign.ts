import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchBatch } from '../../functions/ingest/fetch.ts';
import { registerInstruments } from '../../functions/ingest/instruments.ts';
import { loadBatch } from '../../functions/ingest/load/load.ts';
import { planRun } from '../../functions/ingest/plan/plan.ts';
import type { Provider } from '../../functions/ingest/providers/provider.ts';
import { migrate } from '../../functions/migration/migrate.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { openObjects } from '../../functions/shared/objects.ts';
import { type Installation, openInstallation, withLogin } from '../../local/installation/installation.ts';
import { removeCluster } from '../../local/installation/postgres-server.ts';
import type { FaultKind } from '../market/faults.ts';
import { type Random, random } from '../market/random.ts';
import { type MarketServer, startMarket } from '../market/server.ts';
import { syntheticMarket } from '../market/synthetic.ts';
import { type CampaignVendor, VENDORS } from './campaign-vendors.ts';
import { checkFailures, checkRun, checkWhole } from './checks.ts';
import { advanceMarket } from './market-events.ts';

/** Answers at once, and drips of a few bytes. */
const TIMING = { delayMs: 0, dripBytes: 16, dripMs: 60 };

const DAY_MS = 86_400_000;

/** Trading days before the campaign begins: more than a backfill requests. */
const HISTORY_DAYS = 2100;

/** The options of a campaign. */
export interface CampaignOptions {
  /** Faults before the campaign ends. */
  faults: number;
  seed: number;
  /** Share of the requests with a fault. */
  rate: number;
  instruments: number;
  /** Whose formats the market speaks. */
  vendor: CampaignVendor;
  /** The kinds of fault to draw from; absent for all. */
  kinds?: readonly FaultKind[] | undefined;
  /** How long clients wait for an answer, in milliseconds. */
  timeoutMs: number;
  onProgress?: (progress: CampaignTally) => void;
  /** Stops the campaign before the next run. */
  signal?: AbortSignal;
}

/** The campaign's counts so far. */
export interface CampaignTally {
  runs: number;
  requests: number;
  faults: number;
  /** Failures in the ledger, by reason. */
  failures: Record<string, number>;
  /** Bars in quarantine. */
  quarantined: number;
}

/** The state that the runs of a campaign share. */
export interface Campaign {
  server: MarketServer;
  sql: Sql;
  symbols: readonly string[];
  /** Draws the events of the market. */
  source: Random;
  /** The first day that the first run requested; undefined before it. */
  from: string | undefined;
  /** A new client for each run, like the containers of the next day: without the last run's breaker and holds. */
  openProvider: () => Promise<Provider>;
}

/**
 * Runs the pipeline's plan, fetch and load day after day against a market with random faults, reproducibly by the seed.
 * Meanwhile the market pays dividends, splits shares and restates closes. After each run no wrong bar may be stored,
 * and a fault must explain every failure. In the end, one run without faults must store exactly the market's bars.
 *
 * @throws Error naming the run and its first violation
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignTally> {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-faults-'));
  const { exchanges, symbolsPerRequest, open } = VENDORS[options.vendor];
  const runs = Math.ceil((2 * options.faults * symbolsPerRequest) / (options.instruments * options.rate));
  const market = syntheticMarket({
    instruments: options.instruments,
    days: HISTORY_DAYS + runs,
    seed: options.seed,
    exchanges,
  });
  market.advance(-1.5 * runs * DAY_MS);
  const { timeoutMs } = options;
  const server = await startMarket({ market, timing: { ...TIMING, hangMs: timeoutMs + 2000 } });
  let installation: Installation | undefined;
  let sql: Sql | undefined;
  try {
    installation = await openInstallation({ dataDir: folder, database: 'faults' });
    await withLogin(installation, 'migrator', migrate);
    sql = connect(installation.login(DATABASE_ROLES.pipeline), { max: 4 });
    await registerInstruments(
      sql,
      market.symbols().map((symbol) => market.listing(symbol)),
    );
    const campaign: Campaign = {
      server,
      sql,
      symbols: market.symbols(),
      source: random(options.seed),
      from: undefined,
      openProvider: () => open({ origin: server.origin, timeoutMs, folder }),
    };
    return await repeat(campaign, options, folder);
  } finally {
    await server.close();
    await sql?.end();
    await installation?.close();
    await removeCluster(join(folder, 'postgres'));
    await rm(folder, { recursive: true, force: true });
  }
}

async function repeat(campaign: Campaign, options: CampaignOptions, folder: string): Promise<CampaignTally> {
  const { server, source, sql } = campaign;
  const tally: CampaignTally = { runs: 0, requests: 0, faults: 0, failures: {}, quarantined: 0 };
  while (tally.faults < options.faults) {
    options.signal?.throwIfAborted();
    tally.runs++;
    server.faults.random({
      rate: options.rate,
      seed: options.seed + tally.runs,
      ...(options.kinds && { kinds: options.kinds }),
    });
    server.requests.length = 0;
    const runId = `faults-${tally.runs}`;
    const from = await ingest(campaign, runId, folder);
    campaign.from ??= from;
    await checkRun(campaign, runId);
    for (const reason of await checkFailures(campaign, runId)) {
      tally.failures[reason] = (tally.failures[reason] ?? 0) + 1;
    }
    tally.requests += server.requests.length;
    tally.faults += server.requests.filter(({ fault }) => fault?.changed).length;
    options.onProgress?.(tally);
    advanceMarket(server.market, source);
  }
  server.faults.random(undefined);
  server.requests.length = 0;
  server.market.advance(untilReady(server.market.now()));
  await ingest(campaign, 'faults-clean', folder);
  await checkWhole(campaign, 'faults-clean');
  const [row] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM quarantined_bars`;
  return { ...tally, quarantined: defined(row, 'the count of quarantined bars').count };
}

/**
 * The time until 08:00 UTC, when every vendor has the days that have closed: some publish an American session only hours
 * after its end. How many runs come before depends on the timing of retries, so any hour may be the last.
 *
 * @param now - milliseconds since the epoch
 */
function untilReady(now: number): number {
  const ready = 8 * 3_600_000;
  return (ready - (now % DAY_MS) + DAY_MS) % DAY_MS;
}

/** Plans, fetches and loads as the state machine does. Returns the first requested day. */
async function ingest(
  { server, sql, openProvider }: Campaign,
  runId: string,
  folder: string,
): Promise<string> {
  const provider = await openProvider();
  const instant = new Date(server.market.now());
  process.env.CLOCK = instant.toISOString();
  const objects = openObjects(pathToFileURL(`${join(folder, 'raw')}/`).href);
  const plan = await planRun({ runId, input: {} }, sql, { provider: provider.name, now: instant });
  await Promise.all(
    plan.batches.map(async (batch) => {
      await fetchBatch(batch, provider, objects);
      const { whole } = await loadBatch(batch, sql, objects);
      if (!whole) return;
      await fetchBatch(whole, provider, objects);
      await loadBatch(whole, sql, objects);
    }),
  );
  await rm(join(folder, 'raw'), { recursive: true, force: true });
  return defined(plan.batches[0], 'the first batch').from;
}
