import { DAILY_HISTORY_YEARS, type Interval } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { addDays } from '../../shared/days.ts';
import { BadInputError } from '../../shared/errors.ts';
import { wholeHistoryFrom } from './batches.ts';

/** An instrument, and how far its bars of an interval go; days are `YYYY-MM-DD`. */
export interface Instrument {
  symbol: string;
  /** Whether its history may begin earlier than its bars do: nobody has said often enough that it does not. */
  isShort: boolean;
  /** The day of its last stored bar at or before the as-of; null where it has none. */
  lastDay: string | null;
  /** From where sessions are missing between bars that it has, as far as that is worth asking; null where none are. */
  holeDay: string | null;
}

/** A history that begins this much later than what was asked for is not a whole one; holidays are shorter. */
const DAYS_LATE = 14;

/**
 * Fetches that a gap in a longer history, the beginning of a short one and a bar in quarantine are asked for in, and
 * the latest fetches whose gaps are asked for. An answer may have been cut short; a halt of years ago is a gap for good.
 */
const TIMES_ASKED = 3;
const OF_FETCHES = 30;

/** Days before the as-of in which holes are looked for. What a source did not have for so long it will not have. */
const DAYS_WITH_HOLES = 60;

/**
 * The active instruments, all of them or those that are named, by symbol.
 *
 * A session is a day on which half of an exchange's instruments, and at least two, have a bar.
 *
 * @throws BadInputError if a symbol is not among them, or there are none
 */
export async function plannedInstruments(
  sql: Sql,
  symbols: string[] | undefined,
  interval: Interval,
  asOf: string,
): Promise<Instrument[]> {
  const wanted = symbols ? [...new Set(symbols)] : null;
  const planned = await sql<Instrument[]>`
    WITH recent AS MATERIALIZED (
      SELECT i.id, i.exchange, b.ts
      FROM instruments i JOIN price_bars b ON b.instrument_id = i.id
      WHERE i.is_active AND ${interval === 'daily'} AND b.interval = 'daily'
        AND b.ts >= ${addDays(asOf, -DAYS_WITH_HOLES)}::timestamptz AND b.ts < ${addDays(asOf, 1)}::timestamptz
    ), members AS (
      SELECT exchange, count(DISTINCT id) AS members FROM recent GROUP BY exchange
    ), sessions AS (
      SELECT r.exchange, r.ts, row_number() OVER (PARTITION BY r.exchange ORDER BY r.ts) AS number
      FROM recent r JOIN members m ON m.exchange = r.exchange
      GROUP BY r.exchange, r.ts, m.members HAVING count(*) >= 2 AND count(*) >= 0.5 * m.members
    ), steps AS (
      SELECT r.id, lag(r.ts) OVER earlier AS since, s.number - lag(s.number) OVER earlier AS step
      FROM recent r JOIN sessions s ON s.exchange = r.exchange AND s.ts = r.ts
      WINDOW earlier AS (PARTITION BY r.id ORDER BY r.ts)
    ), holes AS (
      -- By the steps between bars, not by the sessions without one: an anti-join of the two took half a minute.
      SELECT id, min(since) AS ts FROM steps WHERE step > 1 GROUP BY id
    )
    SELECT i.symbol, to_char(last.ts, 'YYYY-MM-DD') AS "lastDay",
      first.ts > ${addDays(wholeHistoryFrom(interval, asOf), DAYS_LATE)}::timestamptz
        AND first.ts > newest.ts - make_interval(years => ${DAILY_HISTORY_YEARS}, days => ${-DAYS_LATE}) AND (
        SELECT count(*) FROM instrument_fetches f
        WHERE f.instrument_id = i.id AND f.interval = ${interval} AND f.first_ts = first.ts
          AND f.asked_from <= first.ts - make_interval(days => ${DAYS_LATE})
      ) < ${TIMES_ASKED} AS "isShort",
      least(to_char(h.ts, 'YYYY-MM-DD'), noted.day, to_char(doubtful.ts, 'YYYY-MM-DD')) AS "holeDay"
    FROM instruments i
    LEFT JOIN LATERAL (
      SELECT b.ts FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = ${interval} AND b.ts < ${addDays(asOf, 1)}::timestamptz
      ORDER BY b.ts LIMIT 1
    ) first ON true
    LEFT JOIN LATERAL (
      SELECT b.ts FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = ${interval} AND b.ts < ${addDays(asOf, 1)}::timestamptz
      ORDER BY b.ts DESC LIMIT 1
    ) last ON true
    -- Of a whole history that was loaded as of a later day, an earlier as-of needs no older bars than there are.
    LEFT JOIN LATERAL (
      SELECT b.ts FROM price_bars b WHERE b.instrument_id = i.id AND b.interval = ${interval} ORDER BY b.ts DESC LIMIT 1
    ) newest ON true
    LEFT JOIN holes h ON h.id = i.id
    LEFT JOIN LATERAL (
      SELECT min(gap.since) AS day FROM (
        SELECT day AS since, count(*) AS times, max(latest.fetched_at) AS at
        FROM (
          SELECT f.fetched_at, f.notes FROM instrument_fetches f
          WHERE f.instrument_id = i.id AND f.interval = ${interval} AND ${interval === 'daily'}
          ORDER BY f.fetched_at DESC LIMIT ${OF_FETCHES}
        ) latest, jsonb_array_elements(latest.notes) note, jsonb_array_elements_text(note->'gaps') day
        WHERE note->>'reason' = 'gap'
        GROUP BY day
      ) gap
      -- One that a later answer did not have is filled.
      WHERE gap.times < ${TIMES_ASKED} AND NOT EXISTS (
        SELECT FROM instrument_fetches f
        WHERE f.instrument_id = i.id AND f.interval = ${interval} AND f.fetched_at > gap.at
          AND f.first_ts <= gap.since::timestamptz AND f.last_ts > gap.since::timestamptz
      )
    ) noted ON true
    LEFT JOIN LATERAL (
      SELECT min(q.ts) AS ts FROM quarantined_bars q
      WHERE q.instrument_id = i.id AND q.interval = ${interval} AND q.resolved_at IS NULL AND ${interval === 'daily'}
        AND (SELECT count(*) FROM instrument_fetches f WHERE f.instrument_id = i.id AND f.interval = q.interval
          AND f.fetched_at > q.fetched_at AND f.first_ts < q.ts AND f.last_ts > q.ts) < ${TIMES_ASKED}
    ) doubtful ON true
    WHERE i.is_active
      AND (${wanted === null} OR i.symbol IN (SELECT jsonb_array_elements_text(${sql.json(wanted ?? [])})))
    ORDER BY i.symbol`;
  const known = new Set(planned.map(({ symbol }) => symbol));
  const unknown = (wanted ?? []).filter((symbol) => !known.has(symbol));
  if (unknown.length > 0) {
    throw new BadInputError(
      `pipeline input: symbols: not among the active instruments: ${unknown.join(', ')}`,
    );
  }
  if (planned.length === 0) {
    throw new BadInputError(
      'there are no active instruments: add some with npm run instruments before running the pipeline',
    );
  }
  return planned;
}
