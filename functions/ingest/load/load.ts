import type { Batch, LoadResult } from '../../shared/contracts.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { toDay } from '../../shared/days.ts';
import { clearFailures, type Failure, recordFailures } from '../../shared/ledger.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import { describeInstruments } from '../instruments.ts';
import { wholeHistoryFrom } from '../plan/batches.ts';
import type { Listing } from '../providers/provider.ts';
import { type Comparison, compareWithStored, isOutdated, NOTHING } from './compare.ts';
import { decide } from './decide.ts';
import { type Examined, examineBatch } from './examine.ts';
import {
  type Noted,
  type Quarantined,
  quarantine,
  recordActions,
  recordFetches,
  resolveQuarantine,
} from './notes.ts';
import { type FoundRecord, readRecords } from './records.ts';
import { lockInstruments, readStored, type Stored } from './state.ts';
import { copyBars, noteWritten, upsertBars } from './write.ts';

/**
 * Reads the raw records of a batch, passes them through the gate of `quality/`, and writes the rest in one
 * transaction: bars that are new or different are stored, what they replace is kept, and the first of each instrument
 * is marked for Features. Repeating it, or doing it twice at once, gives the same rows.
 *
 * An instrument that fails is written down with its reason and none of its bars is stored. One whose source has
 * restated the past beyond the days asked for is held back, and named in the answer with the batch that asks for its
 * whole history; until that has been loaded it counts as failed, so that nothing is recommended on half a truth.
 */
export async function loadBatch(batch: Batch, sql: Sql, objects: ObjectStore): Promise<LoadResult> {
  const records = await readRecords(batch, objects);
  return sql.begin(async (tx) => {
    await lockInstruments(tx, batch);
    await describeInstruments(tx, listingsOf(records));
    const known = await readStored(tx, batch);
    const { examined, failures } = await examineBatch(tx, batch, records, known);
    const decided = await decideAll(tx, batch, examined);
    failures.push(...decided.failures);
    await writeFailures(tx, batch, [...failures, ...decided.heldBack]);
    await quarantine(tx, batch, decided.quarantined);
    const fresh = decided.storing.filter(({ compared }) => !compared);
    const changed = decided.storing.filter(
      ({ compared, replaces }) => compared && (replaces || compared.fresh + compared.changed > 0),
    );
    const written = [...(await copyBars(tx, batch, fresh)), ...(await upsertBars(tx, batch, changed))];
    await recordFetches(tx, batch, [...decided.storing, ...decided.superseded]);
    if (batch.interval === 'daily') {
      await recordActions(
        tx,
        decided.storing.filter((one) => !isOutdated(one)),
      );
    }
    await resolveQuarantine(tx, decided.storing);
    const bars = await noteWritten(tx, batch, written);
    return {
      batch: batch.batch,
      bars,
      failed: failures.length,
      restated: decided.heldBack.map(({ symbol }) => symbol),
      ...wholeOf(
        batch,
        decided.heldBack.map(({ symbol }) => known.get(symbol)),
      ),
    };
  });
}

/** What instruments are, where their provider told. */
function listingsOf(records: ReadonlyMap<string, FoundRecord>): Listing[] {
  return [...records.values()].flatMap((record) =>
    record.status === 'fetched' && record.listing ? [record.listing] : [],
  );
}

/** A series that is stored; `compared` is absent where nothing was before. */
type Storing = Noted & { compared: Comparison | undefined; replaces: boolean };

interface Decided {
  storing: Storing[];
  /** Series of which nothing is stored, because what is there stays. */
  superseded: Noted[];
  quarantined: Quarantined[];
  failures: Failure[];
  /** Instruments that need their whole history, as failures that last until it is there. */
  heldBack: Failure[];
}

/** Compares the series that passed the gate with what is stored, and decides on each. */
async function decideAll(tx: Transaction, batch: Batch, examined: readonly Examined[]): Promise<Decided> {
  const decided: Decided = { storing: [], superseded: [], quarantined: [], failures: [], heldBack: [] };
  const existing = examined.filter(({ stored }) => stored.lastTs !== null);
  const comparisons = await compareWithStored(tx, batch, existing);
  for (const one of examined) {
    const { stored, record, bars, notes, suspects, doubt } = one;
    const { symbol } = stored;
    const compared =
      stored.lastTs === null ? undefined : (comparisons.get(stored.id) ?? { id: stored.id, ...NOTHING });
    const decision = compared ? decide(one, compared, batch) : ({ kind: 'store', replaces: false } as const);
    if (decision.kind === 'restated') {
      decided.heldBack.push({ symbol, step: 'load', reason: 'restated', message: decision.message });
      continue;
    }
    if (decision.kind === 'refused') {
      decided.failures.push({ symbol, step: 'load', ...decision.finding });
      const { reason, message } = decision.finding;
      if (reason === 'disagreement') {
        const from = compared?.firstDifferent ?? 0;
        const differing = bars.filter(([ts]) => ts >= from);
        decided.quarantined.push({
          stored,
          record,
          suspects: differing.map((bar) => ({ bar, reason, message })),
        });
      }
      continue;
    }
    if (doubt) decided.failures.push({ symbol, step: 'load', ...doubt });
    // What was asked for earlier says nothing of bars that a later fetch has accepted since.
    if (!isOutdated(one)) decided.quarantined.push({ stored, record, suspects });
    if (decision.kind === 'store') decided.storing.push({ ...one, compared, replaces: decision.replaces });
    else decided.superseded.push({ ...one, bars: [], notes: [...notes, decision.note] });
  }
  return decided;
}

async function writeFailures(tx: Transaction, batch: Batch, failures: Failure[]): Promise<void> {
  await clearFailures(tx, batch.runId, 'fetch', batch.symbols);
  await clearFailures(tx, batch.runId, 'load', batch.symbols);
  await recordFailures(tx, batch.runId, failures);
}

/** What brings instruments their whole history: what a new one would get, and at least all that is stored. */
function wholeOf(batch: Batch, heldBack: readonly (Stored | undefined)[]): Pick<LoadResult, 'whole'> {
  const restated = heldBack.filter((stored) => stored !== undefined);
  if (restated.length === 0) return {};
  const days = restated.map(({ firstTs }) => toDay(firstTs ?? 0));
  const from = [wholeHistoryFrom('daily', batch.asOf), batch.from, ...days].reduce((a, b) => (b < a ? b : a));
  return { whole: { ...batch, from, symbols: restated.map(({ symbol }) => symbol) } };
}
