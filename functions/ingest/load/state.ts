import type { Batch } from '../../shared/contracts.ts';
import type { Transaction } from '../../shared/database.ts';
import { addDays } from '../../shared/days.ts';
import type { CorporateAction } from '../providers/provider.ts';
import { CLOSES_BEFORE } from '../quality/jumps.ts';

/** What the store has of an instrument. Instants are milliseconds since the epoch. */
export interface Stored {
  id: string;
  symbol: string;
  exchange: string;
  /** Its first and last bar of the interval; null where there is none. */
  firstTs: number | null;
  lastTs: number | null;
  /** When a source was asked for bars that it has; null where that was not recorded. */
  fetchedAt: number | null;
  /** Its actions, of any day. */
  actions: CorporateAction[];
  /** Its bars in quarantine that no load has found to be good: row and instant. */
  quarantined: { id: string; ts: number }[];
}

/**
 * Locks a batch's active instruments: whoever loads one of them at the same time waits, and then sees what this load
 * has written. The rows are locked in one order for all, so that nobody waits for ever; writing bars of other
 * instruments, and reading, goes on.
 */
export async function lockInstruments(tx: Transaction, batch: Batch): Promise<void> {
  await tx`
    SELECT 1 FROM instruments
    WHERE is_active AND symbol IN (SELECT jsonb_array_elements_text(${tx.json(batch.symbols)}))
    ORDER BY id FOR NO KEY UPDATE`;
}

/** Reads what the store has of a batch's active instruments, by symbol. */
export async function readStored(tx: Transaction, batch: Batch): Promise<Map<string, Stored>> {
  const rows = await tx<Stored[]>`
    SELECT i.id, i.symbol, i.exchange, first.ts AS "firstTs", last.ts AS "lastTs",
      latest.at AS "fetchedAt",
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('exDay', to_char(a.ex_date, 'YYYY-MM-DD'), 'kind', a.kind, 'value', a.value))
        FROM corporate_actions a WHERE a.instrument_id = i.id
      ), '[]') AS actions,
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', q.id, 'ts', (extract(epoch FROM q.ts) * 1000)::float8)) FROM quarantined_bars q
        WHERE q.instrument_id = i.id AND q.interval = ${batch.interval} AND q.resolved_at IS NULL
      ), '[]') AS quarantined
    FROM instruments i
    LEFT JOIN LATERAL (
      SELECT (extract(epoch FROM b.ts) * 1000)::float8 AS ts FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = ${batch.interval} ORDER BY b.ts LIMIT 1
    ) first ON true
    LEFT JOIN LATERAL (
      SELECT (extract(epoch FROM b.ts) * 1000)::float8 AS ts FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = ${batch.interval} ORDER BY b.ts DESC LIMIT 1
    ) last ON true
    LEFT JOIN LATERAL (
      SELECT (extract(epoch FROM f.fetched_at) * 1000)::float8 AS at FROM instrument_fetches f
      WHERE f.instrument_id = i.id AND f.interval = ${batch.interval} AND f.last_ts IS NOT NULL
      ORDER BY f.fetched_at DESC LIMIT 1
    ) latest ON true
    WHERE i.is_active AND i.symbol IN (SELECT jsonb_array_elements_text(${tx.json(batch.symbols)}))
    ORDER BY i.id`;
  return new Map(rows.map((row) => [row.symbol, row]));
}

/** The last closes of some instruments before the days asked for, ascending. */
export async function closesBefore(
  tx: Transaction,
  batch: Batch,
  ids: readonly string[],
): Promise<Map<string, number[]>> {
  if (ids.length === 0) return new Map();
  const rows = await tx<{ id: string; closes: number[] }[]>`
    SELECT wanted.id, (
      SELECT jsonb_agg(recent.c ORDER BY recent.ts) FROM (
        SELECT b.ts, b.c FROM price_bars b
        WHERE b.instrument_id = wanted.id::uuid AND b.interval = ${batch.interval} AND b.ts < ${batch.from}::timestamptz
        ORDER BY b.ts DESC LIMIT ${CLOSES_BEFORE}
      ) recent
    ) AS closes
    FROM jsonb_array_elements_text(${tx.json([...ids])}) AS wanted(id)`;
  return new Map(rows.map(({ id, closes }) => [id, closes ?? []]));
}

/** Instruments that trade on the same days: those of an exchange, and where none is known, of one kind of symbol. */
export interface Market {
  exchange: string;
  /** What a symbol ends with where it is not an American one: `.L`, `.T`. */
  ending: string;
}

export function marketOf({ exchange, symbol }: Pick<Stored, 'exchange' | 'symbol'>): Market {
  return { exchange, ending: /\..*$/.exec(symbol)?.[0] ?? '' };
}

/** Other instruments of a market that a batch is compared with: enough to tell a session from a holiday. */
const SAMPLE = 40;

/** How far back their bars are read, in days, where the batch itself has instruments enough for the rest. */
const SAMPLE_DAYS = 14;

/**
 * Days on which other instruments of some markets have bars.
 *
 * @param markets - each with whether its days are needed from the batch's first on, and not the newest alone
 * @returns for each market, in their order, a list of instruments, each as its bars' days, ascending
 */
export async function sampleDays(
  tx: Transaction,
  batch: Batch,
  markets: readonly (Market & { whole: boolean })[],
): Promise<number[][][]> {
  const recent = addDays(batch.asOf, -SAMPLE_DAYS);
  const wanted = markets.map(({ exchange, ending, whole }, place) => ({
    ...{ place, exchange, ending },
    since: whole || recent < batch.from ? batch.from : recent,
  }));
  const earliest = wanted.reduce((day, { since }) => (since < day ? since : day), batch.asOf);
  const rows = await tx<{ place: number; days: number[] }[]>`
    SELECT m.place, days.days
    FROM jsonb_to_recordset(${tx.json(wanted)}) AS m(place int, exchange text, ending text, since timestamptz)
    CROSS JOIN LATERAL (
      SELECT i.id FROM instruments i
      WHERE i.is_active AND i.exchange = m.exchange AND coalesce(substring(i.symbol FROM '[.].*$'), '') = m.ending
        AND NOT i.symbol IN (SELECT jsonb_array_elements_text(${tx.json(batch.symbols)}))
      ORDER BY i.symbol LIMIT ${SAMPLE}
    ) sample
    CROSS JOIN LATERAL (
      SELECT jsonb_agg((extract(epoch FROM b.ts) * 1000)::float8 ORDER BY b.ts) AS days FROM price_bars b
      WHERE b.instrument_id = sample.id AND b.interval = 'daily' AND b.ts >= m.since
        AND b.ts >= ${earliest}::timestamptz AND b.ts <= ${batch.asOf}::timestamptz
    ) days
    WHERE days.days IS NOT NULL`;
  const found: number[][][] = markets.map(() => []);
  for (const { place, days } of rows) found[place]?.push(days);
  return found;
}
