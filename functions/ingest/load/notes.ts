import type { Batch } from '../../shared/contracts.ts';
import type { Transaction } from '../../shared/database.ts';
import type { Note, Suspect } from '../quality/findings.ts';
import type { Incoming } from './compare.ts';
import { reachedActions } from './decide.ts';

/** A series, and what is written down beside it. */
export interface Noted extends Incoming {
  notes: readonly Note[];
}

/** Bars that are kept and not used. */
export interface Quarantined extends Pick<Incoming, 'stored' | 'record'> {
  suspects: readonly Suspect[];
}

/**
 * Writes down when a source was asked for an instrument's bars, which of them were accepted, and what was odd: a row
 * an instrument and run.
 */
export async function recordFetches(tx: Transaction, batch: Batch, series: readonly Noted[]): Promise<void> {
  if (series.length === 0) return;
  const rows = series.map(({ stored, record, bars, notes }) => ({
    id: stored.id,
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

/** Writes down the splits and dividends that stored bars are adjusted for. */
export async function recordActions(tx: Transaction, series: readonly Incoming[]): Promise<void> {
  const rows = series.flatMap(({ stored, record, bars }) =>
    reachedActions(record.actions, bars).map((action) => ({
      id: stored.id,
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

/** Keeps bars that are not used, each with its reason, once; one that had turned out good is in doubt again. */
export async function quarantine(
  tx: Transaction,
  batch: Batch,
  quarantined: readonly Quarantined[],
): Promise<void> {
  const rows = quarantined.flatMap(({ stored, record, suspects }) =>
    suspects.map(({ bar: [ts, o, h, l, c, v], reason, message }) => ({
      ...{ id: stored.id, source: record.provider, fetched: record.fetchedAt, reason, message },
      ...{ ts, o, h, l, c, v },
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

/** Ends the quarantine of bars that were stored as good. */
export async function resolveQuarantine(tx: Transaction, series: readonly Incoming[]): Promise<void> {
  const ids = series.flatMap(({ stored, bars }) => {
    if (stored.quarantined.length === 0) return [];
    const good = new Set(bars.map(([ts]) => ts));
    return stored.quarantined.filter(({ ts }) => good.has(ts)).map(({ id }) => id);
  });
  if (ids.length === 0) return;
  await tx`
    UPDATE quarantined_bars SET resolved_at = now()
    WHERE id IN (SELECT jsonb_array_elements_text(${tx.json(ids)})::uuid)`;
}
