import type { Batch, LoadResult } from '../../shared/contracts.ts';
import type { Transaction } from '../../shared/database.ts';
import { toDay } from '../../shared/days.ts';
import { defined } from '../../shared/invariant.ts';
import { clearFailures, recordFailures } from '../../shared/ledger.ts';
import { wholeHistoryFrom } from '../plan/batches.ts';
import type { Accepted, Verdict } from './judge.ts';
import { writeBars } from './write-bars.ts';

type Disputed = Extract<Verdict, { kind: 'disputed' }>;
type Restated = Extract<Verdict, { kind: 'restated' }>;

/** Writes the verdicts: failures, quarantine, bars, fetches, actions, marks for Features and the run's count. */
export async function writeVerdicts(
  tx: Transaction,
  batch: Batch,
  verdicts: readonly Verdict[],
): Promise<LoadResult> {
  const accepted = verdicts.filter(isAccepted);
  const disputed = verdicts.filter((verdict) => verdict.kind === 'disputed');
  const restated = verdicts.filter((verdict) => verdict.kind === 'restated');
  const failed = verdicts.filter(({ failure }) => failure !== undefined).length - restated.length;

  await writeFailures(tx, batch, verdicts);
  await quarantine(tx, batch, [...disputed, ...accepted]);
  await writeBars(tx, batch, accepted);
  await recordFetches(tx, batch, accepted);
  await recordActions(tx, accepted);
  await resolveQuarantine(tx, accepted);
  if (batch.interval === 'daily') {
    await recordCurrencies(tx, accepted);
    await markForFeatures(tx, accepted);
    await markForScore(tx, accepted);
  }
  const bars = accepted.reduce((sum, { changes }) => sum + changes.length, 0);
  // Last, because batches of one run share this row, and each waits for the transaction of the one before.
  if (bars > 0) await tx`UPDATE pipeline_runs SET bars = bars + ${bars} WHERE id = ${batch.runId}`;
  return {
    batch: batch.batch,
    bars,
    failed,
    restated: restated.map(({ instrument }) => instrument.symbol),
    ...(restated.length > 0 && { whole: wholeHistoryOf(batch, restated) }),
  };
}

function isAccepted(verdict: Verdict): verdict is Accepted {
  return verdict.kind === 'stored' || verdict.kind === 'superseded';
}

async function writeFailures(tx: Transaction, batch: Batch, verdicts: readonly Verdict[]): Promise<void> {
  await clearFailures(tx, batch.runId, 'fetch', batch.symbols);
  await clearFailures(tx, batch.runId, 'load', batch.symbols);
  await recordFailures(
    tx,
    batch.runId,
    verdicts.flatMap(({ failure }) => failure ?? []),
  );
}

/** Keeps each doubtful bar once with its reason. A bar that was resolved and is doubtful again is reopened. */
async function quarantine(
  tx: Transaction,
  batch: Batch,
  verdicts: readonly (Disputed | Accepted)[],
): Promise<void> {
  const rows = verdicts.flatMap(({ instrument, record, suspects }) =>
    suspects.map(({ bar: [ts, o, h, l, c, v], reason, message }) => ({
      id: instrument.id,
      source: record.provider,
      fetched: record.fetchedAt,
      reason,
      message,
      ts,
      o,
      h,
      l,
      c,
      v,
    })),
  );
  if (rows.length === 0) return;
  await tx`
    INSERT INTO quarantined_bars AS q
      (instrument_id, ts, interval, o, h, l, c, v, source, fetched_at, run_id, reason, message)
    SELECT id, to_timestamp(ts / 1000), ${batch.interval}, o, h, l, c, v, source, fetched, ${batch.runId}, reason, message
    FROM jsonb_to_recordset(${tx.json(rows)}) AS r(id uuid, ts float8, o float8, h float8, l float8, c float8,
      v float8, source text, fetched timestamptz, reason text, message text)
    ORDER BY id, ts, reason
    ON CONFLICT (instrument_id, ts, interval, reason) DO UPDATE
      SET o = excluded.o, h = excluded.h, l = excluded.l, c = excluded.c, v = excluded.v, source = excluded.source,
        fetched_at = excluded.fetched_at, run_id = excluded.run_id, message = excluded.message, resolved_at = NULL
      WHERE q.resolved_at IS NOT NULL AND q.fetched_at < excluded.fetched_at`;
}

/** Resolves the quarantine of bars that are now stored as good. */
async function resolveQuarantine(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  const ids = accepted.flatMap(({ resolved }) => resolved);
  if (ids.length === 0) return;
  await tx`
    UPDATE quarantined_bars SET resolved_at = now()
    WHERE id IN (SELECT jsonb_array_elements_text(${tx.json(ids)})::uuid)`;
}

/** Records the currency of the bars that are stored now, where the answer names one. */
async function recordCurrencies(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  const rows = accepted.flatMap(({ instrument: { id, currency: known }, record: { currency }, bars }) =>
    bars.length > 0 && currency !== undefined && currency !== known ? [{ id, currency }] : [],
  );
  if (rows.length === 0) return;
  await tx`
    UPDATE instruments i SET currency = r.currency
    FROM jsonb_to_recordset(${tx.json(rows)}) AS r(id uuid, currency text) WHERE i.id = r.id`;
}

/** Records one row per instrument and run: when the provider was asked, which bars were accepted, and what was noted. */
async function recordFetches(tx: Transaction, batch: Batch, accepted: readonly Accepted[]): Promise<void> {
  if (accepted.length === 0) return;
  const rows = accepted.map(({ instrument, record, bars, notes }) => ({
    id: instrument.id,
    source: record.provider,
    fetched_at: record.fetchedAt,
    first: bars[0]?.[0] ?? null,
    last: bars.at(-1)?.[0] ?? null,
    notes: notes.map((note) => ({ ...note })),
  }));
  await tx`
    INSERT INTO instrument_fetches AS f
      (instrument_id, interval, run_id, source, fetched_at, asked_from, first_ts, last_ts, notes)
    SELECT r.id, ${batch.interval}, ${batch.runId}, r.source, r.fetched_at, ${batch.from}::date, to_timestamp(r.first / 1000),
      to_timestamp(r.last / 1000), r.notes
    FROM jsonb_to_recordset(${tx.json(rows)})
      AS r(id uuid, source text, fetched_at timestamptz, first float8, last float8, notes jsonb)
    ORDER BY r.id
    ON CONFLICT (instrument_id, interval, run_id) DO UPDATE
      SET source = excluded.source, fetched_at = excluded.fetched_at, asked_from = excluded.asked_from,
          first_ts = excluded.first_ts, last_ts = excluded.last_ts, notes = excluded.notes
      WHERE f.fetched_at <= excluded.fetched_at`;
}

/** Records the splits and dividends that stored bars are adjusted for. */
async function recordActions(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  const rows = accepted.flatMap(({ instrument, record, actions }) =>
    actions.map((action) => ({
      id: instrument.id,
      ...action,
      source: record.provider,
      seen: record.fetchedAt,
    })),
  );
  if (rows.length === 0) return;
  await tx`
    INSERT INTO corporate_actions AS a (instrument_id, ex_date, kind, value, source, first_seen_at)
    SELECT id, "exDay", kind, value, source, seen FROM jsonb_to_recordset(${tx.json(rows)})
      AS r(id uuid, "exDay" date, kind text, value float8, source text, seen timestamptz)
    ORDER BY id, "exDay", kind
    ON CONFLICT (instrument_id, ex_date, kind) DO UPDATE SET value = excluded.value, source = excluded.source
      WHERE a.value <> excluded.value`;
}

/** Marks each instrument's first written or removed bar as the place where Features begins. */
async function markForFeatures(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  const marks = accepted.flatMap(({ instrument: { id }, changes, removed }) => {
    const touched = [changes[0]?.[0], removed[0]].filter((ts) => ts !== undefined);
    return touched.length > 0 ? [{ id, first: Math.min(...touched) }] : [];
  });
  if (marks.length === 0) return;
  await tx`
    INSERT INTO feature_backlog AS f (instrument_id, dirty_from)
    SELECT id, to_timestamp(first / 1000) FROM jsonb_to_recordset(${tx.json(marks)}) AS m(id uuid, first float8)
    ORDER BY id
    ON CONFLICT (instrument_id) DO UPDATE SET dirty_from = least(f.dirty_from, excluded.dirty_from)`;
}

/** Marks the instruments whose scored calls Score has to compute again. Nearly all instruments only get the next bar. */
async function markForScore(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  const marks = accepted.flatMap(({ instrument: { id }, changedFrom }) =>
    changedFrom === undefined ? [] : [{ id, from: changedFrom }],
  );
  if (marks.length === 0) return;
  await tx`
    INSERT INTO outcome_backlog AS k (instrument_id, changed_from)
    SELECT id, to_timestamp("from" / 1000) FROM jsonb_to_recordset(${tx.json(marks)}) AS m(id uuid, "from" float8)
    ORDER BY id
    ON CONFLICT (instrument_id) DO UPDATE SET changed_from = least(k.changed_from, excluded.changed_from)`;
}

/** The batch that fetches whole histories: what a new instrument would get, and at least every stored day. */
function wholeHistoryOf(batch: Batch, restated: readonly Restated[]): Batch {
  const firstDays = restated.map(({ instrument: { symbol, firstTs } }) =>
    toDay(defined(firstTs, `first stored bar of ${symbol}`)),
  );
  const days = [wholeHistoryFrom('daily', batch.asOf), batch.from, ...firstDays];
  const from = days.reduce((a, b) => (b < a ? b : a));
  return { ...batch, from, symbols: restated.map(({ instrument }) => instrument.symbol) };
}
