import { beforeEach } from 'vitest';
import { computeBatch } from '../../../functions/features/features.ts';
import { loadBatch } from '../../../functions/ingest/load/load.ts';
import type { CorporateAction } from '../../../functions/ingest/providers/provider.ts';
import type { RawBar } from '../../../functions/ingest/raw.ts';
import type { Batch, LoadResult } from '../../../functions/shared/contracts.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';
import type { TestDatabase } from '../../support/database.ts';
import { weekdays } from './quality/series-support.ts';
import { type Store, useStore } from './store-support.ts';
import { at, batchOf, type RecordFacts, seedRun, writeFetched } from './support.ts';

/** The first and the last day of {@link history}. */
export const FIRST = '2024-12-02';
export const FRIDAY = '2026-03-06';
export const MONDAY = '2026-03-09';
export const TUESDAY = '2026-03-10';

/** The first day that a daily run on Monday fetches where Friday is stored. */
export const OVERLAP = '2026-02-27';

const DAYS = weekdays(FIRST, 340);

/**
 * A synthetic history with a small move every day: the bars of an instrument up to a day, multiplied by a factor.
 *
 * @param options.before - the factor applies only to the bars before this day, like an adjustment
 */
export function history(
  until: string,
  options: { from?: string; factor?: number; before?: string; level?: number } = {},
): RawBar[] {
  const { from = FIRST, factor = 1, before = '9999-12-31', level = 100 } = options;
  return DAYS.flatMap((ts, i): RawBar[] => {
    if (ts < at(from) || ts > at(until)) return [];
    const wave = level * (1 + 0.1 * Math.sin(i / 9) + 0.02 * Math.sin(i * 1.7));
    const f = ts < Date.parse(before) ? factor : 1;
    const c = wave * f;
    return [[ts, c * 0.997, c * 1.012, c * 0.989, c, Math.round(10_000 + 900 * Math.sin(i)) / f]];
  });
}

/** A dividend of 1 % that goes ex on Monday. */
export const DIVIDEND: CorporateAction = { exDay: MONDAY, kind: 'dividend', value: 1 };

/** A run in these tests: its id, its days, and the evening of its fetch. */
export interface Run {
  runId: string;
  from: string;
  asOf: string;
  fetchedAt: string;
}

export const FIRST_RUN: Run = {
  runId: 'first',
  from: '2018-03-06',
  asOf: FRIDAY,
  fetchedAt: '2026-03-06T23:00:00.000Z',
};
export const MONDAY_RUN: Run = {
  runId: 'monday',
  from: OVERLAP,
  asOf: MONDAY,
  fetchedAt: '2026-03-09T23:00:00.000Z',
};
export const TUESDAY_RUN: Run = {
  runId: 'tuesday',
  from: '2026-03-02',
  asOf: TUESDAY,
  fetchedAt: '2026-03-10T23:00:00.000Z',
};

/** Performs the steps of a run in its own store. */
export class Runner {
  readonly #store: Pick<Store, 'sql' | 'objects'>;

  constructor(store: Pick<Store, 'sql' | 'objects'>) {
    this.#store = store;
  }

  get sql(): Sql {
    return this.#store.sql;
  }

  get objects(): ObjectStore {
    return this.#store.objects;
  }

  batch(run: Run, symbols = ['AAPL'], rest: Partial<Batch> = {}): Batch {
    return batchOf({ runId: run.runId, from: run.from, asOf: run.asOf, symbols, ...rest });
  }

  /** Writes the record of Fetch. */
  fetch(run: Run, symbol: string, bars: RawBar[], facts: RecordFacts = {}): Promise<void> {
    const { runId, from, asOf, fetchedAt } = run;
    return writeFetched(this.objects, symbol, bars, { runId, from, to: asOf, fetchedAt, ...facts });
  }

  load(run: Run, symbols?: string[], rest?: Partial<Batch>): Promise<LoadResult> {
    return loadBatch(this.batch(run, symbols, rest), this.sql, this.objects);
  }

  features(run: Run, symbols?: string[]): Promise<unknown> {
    return computeBatch(this.batch(run, symbols), this.sql);
  }

  /** Performs the first run, with the whole history up to Friday. */
  async begin(symbols = ['AAPL'], facts: RecordFacts = {}): Promise<void> {
    for (const symbol of symbols) await this.fetch(FIRST_RUN, symbol, history(FRIDAY), facts);
    await this.load(FIRST_RUN, symbols);
    await this.features(FIRST_RUN, symbols);
  }
}

/** Sets up a database for the tests of a file, with the three runs in its ledger when a test begins. */
export function useRunner(instruments: string[]): { db: TestDatabase; runner: Runner } {
  const store = useStore({ instruments, partitions: ['2024-01-01', '2026-12-31'] });
  beforeEach(async () => {
    for (const { runId } of [FIRST_RUN, MONDAY_RUN, TUESDAY_RUN])
      await seedRun(store.db.sql, runId, instruments.length);
  });
  return { db: store.db, runner: new Runner(store) };
}

/** Closes of an instrument, by day. */
export async function closes(sql: Sql, symbol = 'AAPL'): Promise<Map<string, number>> {
  const rows = await sql<{ day: string; c: number }[]>`
    SELECT to_char(b.ts, 'YYYY-MM-DD') AS day, b.c FROM price_bars b JOIN instruments i ON i.id = b.instrument_id
    WHERE i.symbol = ${symbol} ORDER BY b.ts`;
  return new Map(rows.map(({ day, c }) => [day, c]));
}

/** Closes of bars in the form of {@link closes}. */
export function closesOf(bars: RawBar[]): Map<string, number> {
  return new Map(bars.map(([ts, , , , c]) => [new Date(ts).toISOString().slice(0, 10), c]));
}

/** All stored features without ids and times. */
export async function features(sql: Sql): Promise<object[]> {
  const rows = await sql<{ line: object }[]>`
    SELECT to_jsonb(f) - 'id' - 'created_at' - 'instrument_id' || jsonb_build_object('symbol', i.symbol) AS line
    FROM features f JOIN instruments i ON i.id = f.instrument_id ORDER BY i.symbol, f.ts`;
  return rows.map(({ line }) => line);
}
