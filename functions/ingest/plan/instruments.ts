import { DAILY_HISTORY_YEARS, type Interval } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { addDays } from '../../shared/days.ts';
import { BadInputError } from '../../shared/errors.ts';
import { isRecommended } from '../../shared/recommended.ts';
import { LEAST_MEMBERS, LEAST_SHARE } from '../quality/sessions.ts';
import { wholeHistoryFrom } from './batches.ts';

/** An instrument and the extent of its stored bars of an interval; days are `YYYY-MM-DD`. */
export interface Instrument {
  symbol: string;
  /** Whether it gets no recommendations: others are only compared with it. */
  isReference: boolean;
  /** The day of its last stored bar at or before the as-of; null where it has none. */
  lastDay: string | null;
  /** Whether its history may begin earlier than its first stored bar: too few fetches have confirmed that beginning. */
  mayBeginEarlier: boolean;
  /** The earliest day to fetch again: before a missing session, or of a bar in quarantine; null where there is none. */
  gapDay: string | null;
}

/** A history that begins this many days after its first requested day is incomplete; no closure lasts as long. */
const DAYS_LATE = 14;

/**
 * How many fetches re-request a gap, a history's late beginning or a bar in quarantine. One answer may have been cut
 * short; what several answers lack, the source does not have.
 */
const MAX_REFETCHES = 3;

/** The latest fetches of an instrument whose reported gaps are still re-requested. */
const FETCHES_WITH_GAPS = 30;

/** Hours for which a fetched reference serves further runs of named instruments: a session ends once in them. */
const REFERENCE_HOURS = 12;

/** Days before the as-of that are searched for missing sessions. A source does not add bars older than this. */
const DAYS_SEARCHED = 60;

interface Query {
  sql: Sql;
  interval: Interval;
  asOf: string;
  now: Date;
}
type Fragment = ReturnType<Sql>;

/**
 * Reads the active instruments, all of them or the named ones, with what a plan needs to know about each. The reference
 * and the benchmark come with the named ones, unless they were fetched shortly before. 15-minute bars are only for
 * instruments that get recommendations.
 *
 * @returns sorted by symbol
 * @throws BadInputError if a symbol is not an active instrument, or no active instrument gets recommendations
 */
export async function plannedInstruments(
  sql: Sql,
  symbols: string[] | undefined,
  days: Omit<Query, 'sql'>,
): Promise<Instrument[]> {
  const query: Query = { sql, ...days };
  const { interval } = query;
  const instruments = await sql<Instrument[]>`
    WITH ${missingSessions(query)}
    SELECT i.symbol, NOT ${isRecommended(sql)} AS "isReference",
      to_char(last.ts, 'YYYY-MM-DD') AS "lastDay",
      ${mayBeginEarlier(query)} AS "mayBeginEarlier",
      least(
        to_char(missing_sessions.since, 'YYYY-MM-DD'), reported_gaps.day, to_char(doubtful_bars.ts, 'YYYY-MM-DD')
      ) AS "gapDay"
    FROM instruments i
    ${boundaryBars(query)}
    LEFT JOIN missing_sessions ON missing_sessions.id = i.id
    LEFT JOIN LATERAL (${reportedGaps(query)}) reported_gaps ON true
    LEFT JOIN LATERAL (${doubtfulBars(query)}) doubtful_bars ON true
    WHERE i.is_active AND (${isRecommended(sql)} OR ${interval === 'daily'})
      AND ${symbols ? sql`(i.symbol IN (SELECT jsonb_array_elements_text(${sql.json(symbols)})) OR ${isDueReference(query)})` : true}
    ORDER BY i.symbol`;
  assertKnown(symbols, instruments);
  return instruments;
}

/** Whether an instrument belongs to the reference or is the benchmark, and was not fetched within {@link REFERENCE_HOURS}. */
function isDueReference({ sql, interval, now }: Query): Fragment {
  return sql`((i.purpose <> 'recommended' OR i.is_benchmark) AND ${interval === 'daily'} AND NOT EXISTS (
    SELECT FROM instrument_fetches f WHERE f.instrument_id = i.id AND f.interval = 'daily'
      AND f.fetched_at > ${now}::timestamptz - make_interval(hours => ${REFERENCE_HOURS})
  ))`;
}

function assertKnown(symbols: string[] | undefined, instruments: readonly Instrument[]): void {
  const active = new Set(instruments.map(({ symbol }) => symbol));
  const unknown = new Set(symbols?.filter((symbol) => !active.has(symbol)));
  if (unknown.size > 0) {
    throw new BadInputError(
      `pipeline input: symbols: not among the active instruments: ${[...unknown].join(', ')}`,
    );
  }
  if (!symbols && instruments.every(({ isReference }) => isReference)) {
    throw new BadInputError(
      'no active instrument gets recommendations: add some with npm run instruments before running the pipeline',
    );
  }
}

/**
 * Joins `first` and `last`, an instrument's bars at the ends of its history up to the as-of, and `newest`, its last bar
 * of all.
 */
function boundaryBars({ sql, interval, asOf }: Query): Fragment {
  const bars = sql`SELECT b.ts FROM price_bars b WHERE b.instrument_id = i.id AND b.interval = ${interval}`;
  const upToAsOf = sql`${bars} AND b.ts < ${addDays(asOf, 1)}::timestamptz`;
  return sql`
    LEFT JOIN LATERAL (${upToAsOf} ORDER BY b.ts LIMIT 1) first ON true
    LEFT JOIN LATERAL (${upToAsOf} ORDER BY b.ts DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (${bars} ORDER BY b.ts DESC LIMIT 1) newest ON true`;
}

/**
 * Whether a history begins late, and fewer than {@link MAX_REFETCHES} fetches that requested earlier days confirmed its
 * beginning. Its first bar must be late for a whole history as of this as-of and as of its newest bar: a whole history
 * that was loaded as of a later day needs no older bars for an earlier as-of.
 */
function mayBeginEarlier({ sql, interval, asOf }: Query): Fragment {
  return sql`first.ts > ${addDays(wholeHistoryFrom(interval, asOf), DAYS_LATE)}::timestamptz
    AND first.ts > newest.ts - make_interval(years => ${DAILY_HISTORY_YEARS}, days => ${-DAYS_LATE})
    AND (
      SELECT count(*) FROM instrument_fetches f
      WHERE f.instrument_id = i.id AND f.interval = ${interval} AND f.first_ts = first.ts
        AND f.asked_from <= first.ts - make_interval(days => ${DAYS_LATE})
    ) < ${MAX_REFETCHES}`;
}

/**
 * Tables for a WITH, the last of which is `missing_sessions`: each instrument's first recent bar that is followed by a
 * session without a bar. A session is a day on which half of a market's instruments, and at least two, have a bar. A
 * market is an exchange's instruments that trade on weekdays, or those that also have bars of a Saturday.
 */
function missingSessions({ sql, interval, asOf }: Query): Fragment {
  return sql`
    bars AS MATERIALIZED (
      SELECT i.id, i.exchange, b.ts
      FROM instruments i JOIN price_bars b ON b.instrument_id = i.id
      WHERE i.is_active AND ${interval === 'daily'} AND b.interval = 'daily'
        AND b.ts >= ${addDays(asOf, -DAYS_SEARCHED)}::timestamptz AND b.ts < ${addDays(asOf, 1)}::timestamptz
    ), recent_bars AS MATERIALIZED (
      SELECT b.id, b.ts, concat(b.exchange, CASE WHEN w.id IS NOT NULL THEN ' every day' END) AS market
      FROM bars b LEFT JOIN (
        SELECT DISTINCT id FROM bars WHERE extract(isodow FROM ts AT TIME ZONE 'UTC') = 6
      ) w ON w.id = b.id
    ), markets AS (
      SELECT market, count(DISTINCT id) AS instruments FROM recent_bars GROUP BY market
    ), sessions AS (
      SELECT r.market, r.ts, row_number() OVER (PARTITION BY r.market ORDER BY r.ts) AS number
      FROM recent_bars r JOIN markets m ON m.market = r.market
      GROUP BY r.market, r.ts, m.instruments HAVING count(*) >= ${LEAST_MEMBERS} AND count(*) >= ${LEAST_SHARE}::float8 * m.instruments
    ), steps AS (
      SELECT r.id, lag(r.ts) OVER earlier AS since, s.number - lag(s.number) OVER earlier AS step
      FROM recent_bars r JOIN sessions s ON s.market = r.market AND s.ts = r.ts
      WINDOW earlier AS (PARTITION BY r.id ORDER BY r.ts)
    ), missing_sessions AS (
      -- Steps between bars are fast to find; an anti-join of sessions and bars took half a minute.
      SELECT id, min(since) AS since FROM steps WHERE step > 1 GROUP BY id
    )`;
}

/**
 * The first `day` before a gap among those that the latest fetches reported fewer than {@link MAX_REFETCHES} times and
 * no later answer filled.
 */
function reportedGaps({ sql, interval }: Query): Fragment {
  return sql`
    SELECT min(gap.day) AS day FROM (
      SELECT day, count(*) AS times, max(latest.fetched_at) AS at
      FROM (
        SELECT f.fetched_at, f.notes FROM instrument_fetches f
        WHERE f.instrument_id = i.id AND f.interval = ${interval} AND ${interval === 'daily'}
        ORDER BY f.fetched_at DESC LIMIT ${FETCHES_WITH_GAPS}
      ) latest, jsonb_array_elements(latest.notes) note, jsonb_array_elements_text(note->'gaps') day
      WHERE note->>'reason' = 'gap'
      GROUP BY day
    ) gap
    WHERE gap.times < ${MAX_REFETCHES} AND NOT EXISTS (
      SELECT FROM instrument_fetches f
      WHERE f.instrument_id = i.id AND f.interval = ${interval} AND f.fetched_at > gap.at
        AND f.first_ts <= gap.day::timestamptz AND f.last_ts > gap.day::timestamptz
    )`;
}

/** The first unresolved bar in quarantine that fewer than {@link MAX_REFETCHES} later fetches covered. */
function doubtfulBars({ sql, interval }: Query): Fragment {
  return sql`
    SELECT min(q.ts) AS ts FROM quarantined_bars q
    WHERE q.instrument_id = i.id AND q.interval = ${interval} AND q.resolved_at IS NULL AND ${interval === 'daily'}
      AND (
        SELECT count(*) FROM instrument_fetches f
        WHERE f.instrument_id = i.id AND f.interval = q.interval
          AND f.fetched_at > q.fetched_at AND f.asked_from < q.ts AND f.last_ts > q.ts
      ) < ${MAX_REFETCHES}`;
}
