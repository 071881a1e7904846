import { wholeHistoryFrom } from '../../functions/ingest/plan/batches.ts';
import type { Bar } from '../../functions/ingest/providers/provider.ts';
import { FAULT_REASONS, SUSPICION_REASONS } from '../../functions/ingest/quality/findings.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import type { MarketServer, RequestRecord } from '../market/server.ts';

/** What the checks compare: the market's own bars and what the database stored of them. */
export interface Checked {
  readonly server: MarketServer;
  readonly sql: Sql;
  readonly symbols: readonly string[];
  /** The first day of the market's bars. */
  readonly from: string | undefined;
}

/** Yahoo sends prices as 32-bit floats. */
const TOLERANCE = 2e-6;

/** The largest share by which the campaign's market restates a close. */
const MOST_RESTATED = 0.05;

/**
 * Reasons that Load finds in the data, and the reasons of a restated history that could not be fetched, or of which the
 * gate leaves too little because of a doubtful action.
 */
const OWN_REASONS = new Set<string>([
  ...FAULT_REASONS,
  ...SUSPICION_REASONS,
  'no_bars',
  'partial_history',
  'wrong_unit',
]);

/** Reasons that an open breaker passes on to instruments without a request. */
const PASSED_ON = new Set([
  'rate_limited',
  'blocked',
  'timeout',
  'unavailable',
  'quota_exceeded',
  'key_refused',
]);

/**
 * Checks after any run that the market has every stored bar. An instrument whose newest dividend or split has not
 * arrived yet may differ by one factor over its whole history. A close that was restated after it was stored may still
 * be the old one where the instrument failed.
 *
 * @throws Error naming the first wrong bar
 */
export async function checkRun({ server, sql, symbols, from }: Checked, runId: string): Promise<void> {
  const first = defined(from, 'the first requested day');
  const today = new Date(server.market.now()).toISOString().slice(0, 10);
  const failed = await failedSymbols(sql, runId);
  const spoilt = new Set(
    server.requests.flatMap(({ fault }) =>
      fault?.changed && fault.category === 'data' ? fault.symbols : [],
    ),
  );
  for (const symbol of symbols) {
    const truth = new Map(server.market.truth(symbol, 'daily', first, today).map((bar) => [bar.ts, bar]));
    const bars = await storedBars(sql, symbol);
    const ratios = bars.map((bar) => {
      const true_ = truth.get(bar.ts);
      if (!true_)
        throw new Error(`${runId}: ${symbol} has a bar at ${iso(bar.ts)} that the market does not have`);
      if (!isProportional(bar, true_))
        throw new Error(
          `${runId}: ${symbol} ${iso(bar.ts)} is ${show(bar)}, and the market has ${show(true_)}`,
        );
      return bar.c / true_.c;
    });
    const [firstRatio = 1] = ratios;
    // An answer without the newest bars, or with a single bar, does not reveal a restated past.
    const mayBeOld = failed.has(symbol) || spoilt.has(symbol);
    const wrong = ratios.findIndex((ratio) => Math.abs(ratio / firstRatio - 1) > MOST_RESTATED);
    if (wrong >= 0)
      throw new Error(
        `${runId}: ${symbol} has a step at ${iso(defined(bars[wrong], 'wrong bar').ts)} that the market does not have; ${metOf(server.requests, symbol)}`,
      );
    const odd = ratios.filter((ratio) => Math.abs(ratio / firstRatio - 1) > 2 * TOLERANCE).length;
    // A restated close may be the old one if its day is missing. Load never stores a part with another factor.
    if (odd > (mayBeOld ? 3 : 0))
      throw new Error(
        `${runId}: ${symbol} has two adjustment factors: ${odd} of ${bars.length} bars differ from the first; ${metOf(server.requests, symbol)}`,
      );
    if (!mayBeOld && Math.abs(firstRatio - 1) > 2 * TOLERANCE)
      throw new Error(
        `${runId}: ${symbol} is off by a factor of ${firstRatio} without a reason; ${metOf(server.requests, symbol)}, ${await historyOf(sql, symbol, today)}`,
      );
  }
}

/**
 * Checks after a run without faults that exactly the market's bars are stored, and that nothing failed.
 *
 * @throws Error naming the first instrument that differs
 */
export async function checkWhole({ server, sql, symbols }: Checked, runId: string): Promise<void> {
  const today = new Date(server.market.now()).toISOString().slice(0, 10);
  // An instrument that failed at first has no bars before those that its first successful request covered.
  const from = wholeHistoryFrom('daily', today);
  const failures =
    await sql`SELECT symbol, reason_code AS reason, message FROM pipeline_failures WHERE run_id = ${runId}`;
  if (failures.length > 0)
    throw new Error(`${runId}: failed without a fault: ${JSON.stringify(failures[0])}`);
  for (const symbol of symbols) {
    const truth = server.market.truth(symbol, 'daily', from, today);
    const bars = (await storedBars(sql, symbol)).filter(({ ts }) => ts >= Date.parse(from));
    const stored = new Set(bars.map(({ ts }) => ts));
    const missing = truth.filter(({ ts }) => !stored.has(ts)).map(({ ts }) => iso(ts));
    if (missing.length > 0)
      throw new Error(
        `${runId}: ${symbol} has ${bars.length} bars and lacks ${missing.length}: ${missing.slice(0, 5)}; ${await historyOf(sql, symbol, defined(missing[0], 'the first missing day'))}`,
      );
    bars.forEach((bar, i) => {
      const expected = defined(truth[i], `true bar ${i} of ${symbol}`);
      const isEqual = bar.ts === expected.ts && isProportional(bar, expected) && close(bar.c, expected.c);
      if (!isEqual)
        throw new Error(
          `${runId}: ${symbol} ${iso(bar.ts)} is ${show(bar)}, and the market has ${show(expected)}`,
        );
    });
  }
}

/**
 * Checks that a fault of its instrument, or an open breaker, explains every failure of a run. Returns the reasons.
 *
 * @throws Error naming the first failure without an explanation
 */
export async function checkFailures({ server, sql }: Checked, runId: string): Promise<string[]> {
  const failures = await sql<{ symbol: string; reason: string; message: string }[]>`
    SELECT symbol, reason_code AS reason, message FROM pipeline_failures WHERE run_id = ${runId}`;
  for (const { symbol, reason, message } of failures) {
    if (reason === '' || message === '') throw new Error(`${runId}: ${symbol} failed without a reason`);
    const met = metBy(server.requests, symbol);
    const isExplained =
      met.some(({ expected }) => expected.some((outcome) => outcome === reason)) ||
      (OWN_REASONS.has(reason) && met.some(({ category }) => category === 'data')) ||
      (PASSED_ON.has(reason) &&
        faultsOf(server.requests).some(({ expected }) => expected.includes(reason as never)));
    if (!isExplained) {
      throw new Error(
        `${runId}: ${symbol} failed with ${reason} (${message}) without a fault that explains it; ${metOf(server.requests, symbol)}`,
      );
    }
  }
  return failures.map(({ reason }) => reason);
}

/** The requests for an instrument in this run, and their faults. */
function metOf(requests: readonly RequestRecord[], symbol: string): string {
  const met = requests.filter(({ symbol: one, symbols = [one] }) => symbols.includes(symbol));
  return `requests ${JSON.stringify(met.map(({ path, fault }) => [path, fault?.changed && fault.fault]))}`;
}

/**
 * The faults that a symbol met: its own and, where its vendor refused one symbol of a request for several, those of the
 * same request for the others. A failure of that one is a failure of the whole.
 */
function metBy(requests: readonly RequestRecord[], symbol: string) {
  const own = faultsOf(requests, symbol);
  if (!own.some(({ fault }) => fault.kind === 'symbol_refused')) return own;
  const others = requests.flatMap(({ symbols = [] }) => (symbols.includes(symbol) ? symbols : []));
  return [...own, ...[...new Set(others)].flatMap((other) => faultsOf(requests, other))];
}

function faultsOf(requests: readonly RequestRecord[], symbol?: string) {
  return requests.flatMap((request) =>
    request.fault?.changed && (symbol === undefined || request.fault.symbols.includes(symbol))
      ? [request.fault]
      : [],
  );
}

async function failedSymbols(sql: Sql, runId: string): Promise<Set<string>> {
  const rows = await sql<{ symbol: string }[]>`SELECT symbol FROM pipeline_failures WHERE run_id = ${runId}`;
  return new Set(rows.map(({ symbol }) => symbol));
}

async function storedBars(sql: Sql, symbol: string): Promise<Bar[]> {
  return sql<Bar[]>`
    SELECT (extract(epoch FROM ts) * 1000)::float8 AS ts, o, h, l, c, v
    FROM price_bars b JOIN instruments i ON i.id = b.instrument_id
    WHERE i.symbol = ${symbol} AND b.interval = 'daily' ORDER BY b.ts`;
}

/** The stored fetches and quarantined bars of an instrument and a day. */
async function historyOf(sql: Sql, symbol: string, day: string): Promise<string> {
  const fetches = await sql`
    SELECT f.run_id AS run, f.asked_from AS asked, f.first_ts AS first, f.last_ts AS last, f.notes
    FROM instrument_fetches f JOIN instruments i ON i.id = f.instrument_id
    WHERE i.symbol = ${symbol} AND f.asked_from <= ${day}::date ORDER BY f.fetched_at DESC LIMIT 8`;
  const quarantined = await sql`
    SELECT q.ts, q.reason, q.resolved_at AS resolved FROM quarantined_bars q JOIN instruments i ON i.id = q.instrument_id
    WHERE i.symbol = ${symbol} ORDER BY q.ts`;
  return `fetches ${JSON.stringify(fetches)}, quarantined ${JSON.stringify(quarantined)}`;
}

/** Whether two bars differ by one factor on all prices. */
function isProportional(bar: Bar, other: Bar): boolean {
  const factor = bar.c / other.c;
  return (['o', 'h', 'l'] as const).every((field) => close(bar[field], other[field] * factor));
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.abs(b);
}

function iso(ts: number): string {
  return new Date(ts).toISOString().slice(0, 10);
}

function show({ o, h, l, c }: Bar): string {
  return [o, h, l, c].map((value) => value.toPrecision(7)).join(' ');
}
