import type { Sql } from '../../shared/database.ts';
import { DAY_MS, HOUR_MS } from '../../shared/days.ts';
import { BadInputError } from '../../shared/errors.ts';
import type { Failure } from '../../shared/ledger.ts';
import type { Allowance } from '../providers/descriptor.ts';

/** The share of an allowance that is kept for retries, and for whole histories after a restatement. */
const RESERVE = 0.1;

/** The instruments that a run may request from a vendor with an allowance. */
export interface Turn {
  /** Instruments of an hour, without the reserve. */
  perHour: number;
  /** Instruments that this run may request now. */
  now: number;
  /** When a later run may request the next ones. */
  next: Date;
}

interface EarlierRun {
  instruments: number;
  ageMs: number;
}

/**
 * Reads from the ledger how much of a vendor's allowance earlier runs have left. Plan thus keeps the allowance for all
 * processes together, which know nothing of each other.
 *
 * @param runId - the run itself, which may have been planned before
 * @param clock - the wall clock, which the returned instant refers to
 */
export async function readTurn(
  sql: Sql,
  runId: string,
  allowance: Allowance,
  clock = new Date(),
): Promise<Turn> {
  const runs = await sql<EarlierRun[]>`
    SELECT sum(jsonb_array_length(batch -> 'symbols'))::int AS instruments,
      extract(epoch FROM now() - r.started_at)::float8 * 1000 AS "ageMs"
    FROM pipeline_runs r CROSS JOIN LATERAL jsonb_array_elements(r.batches) batch
    WHERE r.provider = ${allowance.provider} AND NOT r.input ? 'replay' AND r.id <> ${runId}
      AND r.started_at > now() - make_interval(secs => ${DAY_MS / 1000})
    GROUP BY r.id, r.started_at ORDER BY r.started_at`;
  const perHour = instrumentsOfRun(allowance);
  const hour = windowOf(runs, perHour, HOUR_MS);
  const day = windowOf(runs, usable(allowance.requestsPerDay ?? Number.POSITIVE_INFINITY), DAY_MS);
  const wait = day.left <= 0 ? day.waitMs : hour.waitMs;
  return {
    perHour,
    now: Math.max(0, Math.min(hour.left, day.left)),
    next: new Date(clock.getTime() + wait),
  };
}

/** The instruments that one run may request when no other has in the hour before. */
export function instrumentsOfRun({ requestsPerHour }: Allowance): number {
  return usable(requestsPerHour);
}

function usable(requests: number): number {
  return Math.max(1, Math.floor(requests * (1 - RESERVE)));
}

/** What the runs of the last hour or day have left, and how long until the oldest of them no longer counts. */
function windowOf(runs: readonly EarlierRun[], most: number, ms: number) {
  const recent = runs.filter(({ ageMs }) => ageMs < ms);
  const used = recent.reduce((sum, { instruments }) => sum + instruments, 0);
  return { left: most - used, waitMs: ms - (recent[0]?.ageMs ?? 0) };
}

/**
 * Describes a run that cannot request all of its instruments, as sentences for a person; undefined for a run that can.
 *
 * @param instruments - how many the run covers
 *
 * @example
 * describeTurn(500, TIINGO_ALLOWANCE, turn);
 * // Tiingo's free plan serves 50 requests an hour, of which 5 are kept for retries: 500 instruments take 12 hours. …
 */
export function describeTurn(instruments: number, allowance: Allowance, turn: Turn): string | undefined {
  if (instruments <= turn.now) return undefined;
  const { title, requestsPerHour } = allowance;
  const hours = Math.ceil(instruments / turn.perHour);
  const limit =
    `${title}'s free plan serves ${requestsPerHour} requests an hour, of which ` +
    `${requestsPerHour - turn.perHour} are kept for retries: ${instruments} instruments take ` +
    `${hours === 1 ? 'an hour' : `${hours} hours`}.`;
  const next = `${turn.next.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (turn.now === 0)
    return `${limit} Earlier runs have used this hour's: start the run again after ${next}.`;
  return (
    `${limit} This run requests the ${turn.now} that have waited longest; the others keep their last calls. ` +
    `A run after ${next} requests the next ones.`
  );
}

/**
 * Divides the instruments of a run into those whose turn it is and those that wait. Reference instruments come after
 * those that get recommendations.
 *
 * @throws BadInputError if earlier runs have used up the allowance
 */
export async function takeTurns<I extends { symbol: string; isReference: boolean }>(
  sql: Sql,
  runId: string,
  instruments: readonly I[],
  allowance: Allowance,
): Promise<{ now: I[]; deferred: Failure[]; notice: string | undefined }> {
  const turn = await readTurn(sql, runId, allowance);
  const notice = describeTurn(instruments.length, allowance, turn);
  if (notice === undefined) return { now: [...instruments], deferred: [], notice };
  if (turn.now === 0) throw new BadInputError(notice);
  const order = await waitingTimes(sql);
  const rank = ({ symbol }: I) => order.get(symbol) ?? 0;
  const waiting = instruments.toSorted(
    (a, b) => Number(a.isReference) - Number(b.isReference) || rank(a) - rank(b),
  );
  const chosen = new Set(waiting.slice(0, turn.now));
  const message = `${allowance.title} serves ${turn.perHour} instruments an hour: its turn comes in a later run`;
  return {
    now: instruments.filter((instrument) => chosen.has(instrument)),
    deferred: instruments.flatMap((instrument) =>
      chosen.has(instrument)
        ? []
        : [{ symbol: instrument.symbol, step: 'plan', reason: 'deferred', message } as const],
    ),
    notice,
  };
}

/**
 * When each active instrument was last requested, in milliseconds since the epoch. Those that never were are absent. A
 * request that the vendor refused for its allowance does not count.
 */
async function waitingTimes(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql<{ symbol: string; at: number | null }[]>`
    SELECT i.symbol, extract(epoch FROM greatest(fetched.at, failed.at))::float8 * 1000 AS at
    FROM instruments i
    LEFT JOIN LATERAL (
      SELECT max(f.fetched_at) AS at FROM instrument_fetches f
      WHERE f.instrument_id = i.id AND f.interval = 'daily'
    ) fetched ON true
    LEFT JOIN (
      SELECT symbol, max(created_at) AS at FROM pipeline_failures
      WHERE step IN ('fetch', 'load') AND reason_code NOT IN ('quota_exceeded', 'rate_limited')
      GROUP BY symbol
    ) failed ON failed.symbol = i.symbol
    WHERE i.is_active`;
  return new Map(rows.flatMap(({ symbol, at }) => (at === null ? [] : [[symbol, at] as const])));
}
