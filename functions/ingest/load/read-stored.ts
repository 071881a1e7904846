import type { Batch } from '../../shared/contracts.ts';
import type { Transaction } from '../../shared/database.ts';
import { addDays } from '../../shared/days.ts';
import type { Bar } from '../providers/provider.ts';
import { BARS_BEFORE, hasEarlyMove } from '../quality/jumps.ts';
import { LEAST_MEMBERS, tradesEveryDay } from '../quality/sessions.ts';
import type { RawBar } from '../raw.ts';
import type { Answer, BatchMarket, SortedAnswers } from './answers.ts';
import type { StoredBar, StoredInstrument, StoredState } from './stored-state.ts';

/** How many other instruments of a market a batch is compared with: enough to distinguish a session from a holiday. */
const SAMPLE = 40;

/** How far back the sample's bars are read, in days, where the batch itself has enough instruments for older days. */
const SAMPLE_DAYS = 14;

/**
 * Locks the active instruments of a batch. A concurrent load of one of them waits, and then sees what this load wrote.
 * Every load locks in the order of ids, so that none deadlocks; reads and loads of other instruments continue.
 */
export async function lockInstruments(tx: Transaction, batch: Batch): Promise<void> {
  await tx`
    SELECT 1 FROM instruments
    WHERE is_active AND symbol IN (SELECT jsonb_array_elements_text(${tx.json(batch.symbols)}))
    ORDER BY id FOR NO KEY UPDATE`;
}

/** Reads everything stored that judging a batch's answers needs. */
export async function readStored(
  tx: Transaction,
  batch: Batch,
  { answers, markets }: SortedAnswers,
): Promise<StoredState> {
  return {
    bars: await readBars(tx, batch, answers),
    barsBefore: await readBarsBefore(tx, batch, answers),
    otherDays: batch.interval === 'daily' ? await readOtherDays(tx, batch, markets) : new Map(),
  };
}

/** Reads the active instruments of a batch, by symbol. */
export async function readInstruments(tx: Transaction, batch: Batch): Promise<Map<string, StoredInstrument>> {
  const rows = await tx<StoredInstrument[]>`
    SELECT i.id, i.symbol, i.exchange, i.currency, first.ts AS "firstTs", last.ts AS "lastTs",
      latest.at AS "fetchedAt", (
        SELECT count(*)::int FROM pipeline_failures f
        WHERE f.symbol = i.symbol AND f.reason_code = 'wrong_unit' AND f.created_at > to_timestamp(latest.at / 1000)
      ) AS "refusedUnits",
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

/** The stored bars that a series can be compared with: those of the requested days. */
async function readBars(
  tx: Transaction,
  batch: Batch,
  answers: readonly Answer[],
): Promise<StoredState['bars']> {
  const bars = new Map<string, Map<number, StoredBar>>();
  for (const { instrument } of answers) if (instrument.lastTs !== null) bars.set(instrument.id, new Map());
  if (bars.size === 0) return bars;
  const sources = new Map<string, string>();
  // The materialized list makes Postgres find each instrument's bars by the index instead of scanning all bars. Rows
  // are taken up one by one, because a whole history of a batch is 100,000 of them.
  await tx<StoredBarRow[]>`
    WITH requested AS MATERIALIZED (
      SELECT id::uuid FROM jsonb_array_elements_text(${tx.json([...bars.keys()])}) AS r(id)
    )
    SELECT b.instrument_id AS id, (extract(epoch FROM b.ts) * 1000)::float8 AS ts, b.o, b.h, b.l, b.c, b.v, b.source
    FROM requested r JOIN price_bars b ON b.instrument_id = r.id AND b.interval = ${batch.interval}
      AND b.ts >= ${batch.from}::timestamptz AND b.ts < ${addDays(batch.asOf, 1)}::timestamptz`.forEach(
    ({ id, ts, o, h, l, c, v, source }) => {
      bars.get(id)?.set(ts, { bar: [ts, o, h, l, c, v], source: source && shared(sources, source) });
    },
  );
  return bars;
}

interface StoredBarRow extends Bar {
  id: string;
  source: string | null;
}

/** One copy of a text that many rows repeat. */
function shared(texts: Map<string, string>, text: string): string {
  const known = texts.get(text);
  if (known === undefined) texts.set(text, text);
  return known ?? text;
}

/** The last bars before the requested days, of instruments whose first new bars move a lot. */
async function readBarsBefore(
  tx: Transaction,
  batch: Batch,
  answers: readonly Answer[],
): Promise<Map<string, RawBar[]>> {
  const ids = answers
    .filter(({ record }) => hasEarlyMove(record.bars))
    .map(({ instrument }) => instrument.id);
  if (ids.length === 0) return new Map();
  const rows = await tx<{ id: string; bars: RawBar[] }[]>`
    SELECT r.id, coalesce((
      SELECT jsonb_agg(jsonb_build_array((extract(epoch FROM ts) * 1000)::float8, o, h, l, c, v) ORDER BY ts) FROM (
        SELECT b.ts, b.o, b.h, b.l, b.c, b.v FROM price_bars b
        WHERE b.instrument_id = r.id::uuid AND b.interval = ${batch.interval} AND b.ts < ${batch.from}::timestamptz
        ORDER BY b.ts DESC LIMIT ${BARS_BEFORE}
      ) recent
    ), '[]') AS bars
    FROM jsonb_array_elements_text(${tx.json(ids)}) AS r(id)`;
  return new Map(rows.map(({ id, bars }) => [id, bars]));
}

/**
 * The days of a sample of other instruments of each market. The bars show which of them trade every day. So the sample
 * must contain both kinds: it is chosen by a hash of the symbols, whose order would put all coins together.
 */
async function readOtherDays(
  tx: Transaction,
  batch: Batch,
  markets: readonly BatchMarket[],
): Promise<Map<string, number[][]>> {
  const everyDay = new Map(markets.map((market) => [market.key, market.everyDay]));
  const samples = markets.map((market) => {
    const { key, exchange, suffix } = market;
    return { key, exchange, suffix, since: sampledFrom(batch, market) };
  });
  const earliest = samples.reduce((day, { since }) => (since < day ? since : day), batch.asOf);
  const rows = await tx<{ key: string; days: number[] }[]>`
    SELECT m.key, days.days
    FROM jsonb_to_recordset(${tx.json(samples)}) AS m(key text, exchange text, suffix text, since timestamptz)
    CROSS JOIN LATERAL (
      SELECT i.id FROM instruments i
      WHERE i.is_active AND i.exchange = m.exchange AND coalesce(substring(i.symbol FROM '[.].*$'), '') = m.suffix
        AND NOT i.symbol IN (SELECT jsonb_array_elements_text(${tx.json(batch.symbols)}))
      ORDER BY md5(i.symbol) LIMIT ${SAMPLE}
    ) sample
    CROSS JOIN LATERAL (
      SELECT jsonb_agg((extract(epoch FROM b.ts) * 1000)::float8 ORDER BY b.ts) AS days FROM price_bars b
      WHERE b.instrument_id = sample.id AND b.interval = 'daily' AND b.ts >= m.since
        AND b.ts >= ${earliest}::timestamptz AND b.ts <= ${batch.asOf}::timestamptz
    ) days
    WHERE days.days IS NOT NULL`;
  const found = new Map<string, number[][]>(samples.map(({ key }) => [key, []]));
  for (const { key, days } of rows) {
    if (tradesEveryDay(days) === everyDay.get(key)) found.get(key)?.push(days);
  }
  return found;
}

/**
 * The first day that a market's sample is read from. If the batch has more than {@link LEAST_MEMBERS} instruments of the
 * market, they show the older sessions themselves; one or two cannot show which of their days are missing.
 */
function sampledFrom(batch: Batch, market: BatchMarket): string {
  const recent = addDays(batch.asOf, -SAMPLE_DAYS);
  return market.days.length <= LEAST_MEMBERS || recent < batch.from ? batch.from : recent;
}
