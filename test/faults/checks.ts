import { wholeHistoryFrom } from '../../functions/ingest/plan/batches.ts';
import type { Bar } from '../../functions/ingest/providers/provider.ts';
import { FAULT_REASONS, SUSPICION_REASONS } from '../../functions/ingest/quality/findings.ts';
import type { Sql } from '../../functions/shared/database.ts';
import type { MarketServer, RequestRecord } from '../market/index.ts';

/** What the checks compare: the market's own bars and what the database stored of them. */
export interface Checked {
  readonly server: MarketServer;
  readonly sql: Sql;
  readonly symbols: readonly string[];
  /** The first day of the market's bars. */
  readonly from: string;
}

/** Yahoo sends prices as 32-bit floats. */
const TOLERANCE = 2e-6;

/** Reasons that the data itself gives, and those of an instrument whose past was restated and could not be had. */
const OWN_REASONS = new Set<string>([...FAULT_REASONS, ...SUSPICION_REASONS, 'no_bars']);

/** Reasons that a vendor's breaker passes on to instruments that were not asked any more. */
const PASSED_ON = new Set([
  'rate_limited',
  'blocked',
  'timeout',
  'unavailable',
  'quota_exceeded',
  'key_refused',
]);

/**
 * After any run, faulty or not: every stored bar is one that the market has. An instrument whose newest dividend or
 * split has not come through yet is on its old footing, all of it by one factor; a close that was restated since it
 * was stored may still be the old one where the instrument failed.
 *
 * @throws Error naming the first bar that is not so
 */
export async function checkRun({ server, sql, symbols, from }: Checked, runId: string): Promise<void> {
  const today = new Date(server.market.now()).toISOString().slice(0, 10);
  const failed = await failedSymbols(sql, runId);
  const spoilt = new Set(
    server.requests.flatMap(({ symbol, fault }) =>
      fault?.changed && fault.category === 'data' ? [symbol] : [],
    ),
  );
  for (const symbol of symbols) {
    const truth = new Map(server.market.truth(symbol, 'daily', from, today).map((bar) => [bar.ts, bar]));
    const bars = await storedBars(sql, symbol);
    const ratios = bars.map((bar) => {
      const true_ = truth.get(bar.ts);
      if (!true_) throw new Error(`${runId}: ${symbol} has a bar at ${iso(bar.ts)} that the market has not`);
      if (!isProportional(bar, true_))
        throw new Error(
          `${runId}: ${symbol} ${iso(bar.ts)} is ${show(bar)}, and the market has ${show(true_)}`,
        );
      return bar.c / true_.c;
    });
    const [first = 1] = ratios;
    // An answer without the newest bars, or of one bar alone, does not show that the past has been restated.
    const mayBeOld = failed.has(symbol) || spoilt.has(symbol);
    const odd = ratios.filter((ratio) => Math.abs(ratio / first - 1) > 2 * TOLERANCE).length;
    // A restated close may still be the old one, if its day did not come; a part on another footing is never stored.
    if (odd > (mayBeOld ? 3 : 0))
      throw new Error(
        `${runId}: ${symbol} is on two footings: ${odd} of ${bars.length} bars differ from the first`,
      );
    if (!mayBeOld && Math.abs(first - 1) > 2 * TOLERANCE)
      throw new Error(
        `${runId}: ${symbol} is off by a factor of ${first}, and nothing was said of it; ${metOf(server.requests, symbol)}, ${await historyOf(sql, symbol, today)}`,
      );
  }
}

/**
 * After a run without faults: what is stored is what the market has, all of it, and nothing failed.
 *
 * @throws Error naming the first instrument that is not so
 */
export async function checkWhole({ server, sql, symbols }: Checked, runId: string): Promise<void> {
  const today = new Date(server.market.now()).toISOString().slice(0, 10);
  // An instrument that failed at first has no older bars than its first success asked for.
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
        `${runId}: ${symbol} has ${bars.length} bars and lacks ${missing.length}: ${missing.slice(0, 5)}; ${await historyOf(sql, symbol, missing[0] ?? '')}`,
      );
    bars.forEach((bar, i) => {
      const same = truth[i] as Bar;
      const isSame = bar.ts === same.ts && isProportional(bar, same) && close(bar.c, same.c);
      if (!isSame)
        throw new Error(
          `${runId}: ${symbol} ${iso(bar.ts)} is ${show(bar)}, and the market has ${show(same)}`,
        );
    });
  }
}

/**
 * Every failure of a run has a reason that one of the faults its instrument met explains, or that is passed on by the
 * breaker. Gives the reasons.
 *
 * @throws Error naming the first that nothing explains
 */
export async function checkFailures({ server, sql }: Checked, runId: string): Promise<string[]> {
  const failures = await sql<{ symbol: string; reason: string; message: string }[]>`
    SELECT symbol, reason_code AS reason, message FROM pipeline_failures WHERE run_id = ${runId}`;
  for (const { symbol, reason, message } of failures) {
    if (reason === '' || message === '') throw new Error(`${runId}: ${symbol} failed without a reason`);
    const met = faultsOf(server.requests, symbol);
    const isExplained =
      met.some(({ expected }) => expected.some((wanted) => wanted === reason)) ||
      (OWN_REASONS.has(reason) && met.some(({ category }) => category === 'data')) ||
      (PASSED_ON.has(reason) &&
        faultsOf(server.requests).some(({ expected }) => expected.includes(reason as never)));
    if (!isExplained) {
      const kinds = met.map(({ fault }) => fault.kind).join(', ') || 'none';
      throw new Error(`${runId}: ${symbol} failed with ${reason} (${message}), and its faults were ${kinds}`);
    }
  }
  return failures.map(({ reason }) => reason);
}

/** What was asked for an instrument in this run, and what went wrong with it. */
function metOf(requests: readonly RequestRecord[], symbol: string): string {
  const met = requests.filter((request) => request.symbol === symbol);
  return `requests ${JSON.stringify(met.map(({ path, fault }) => [path, fault?.changed && fault.fault.kind]))}`;
}

function faultsOf(requests: readonly RequestRecord[], symbol?: string) {
  return requests.flatMap((request) =>
    request.fault?.changed && (symbol === undefined || request.symbol === symbol) ? [request.fault] : [],
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

/** What the store knows of a day of an instrument: who asked for it, and what was thought of it. */
async function historyOf(sql: Sql, symbol: string, day: string): Promise<string> {
  const fetches = await sql`
    SELECT f.run_id AS run, f.asked_from AS asked, f.first_ts AS first, f.last_ts AS last, f.notes
    FROM instrument_fetches f JOIN instruments i ON i.id = f.instrument_id
    WHERE i.symbol = ${symbol} AND f.asked_from <= ${day}::date ORDER BY f.fetched_at DESC LIMIT 8`;
  const doubts = await sql`
    SELECT q.ts, q.reason, q.resolved_at AS resolved FROM quarantined_bars q JOIN instruments i ON i.id = q.instrument_id
    WHERE i.symbol = ${symbol} ORDER BY q.ts`;
  return `asked for by ${JSON.stringify(fetches)}, quarantined ${JSON.stringify(doubts)}`;
}

/** The same bar, but for one factor on all of its prices. */
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
