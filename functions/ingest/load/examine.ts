import type { Batch } from '../../shared/contracts.ts';
import type { Transaction } from '../../shared/database.ts';
import type { Failure } from '../../shared/ledger.ts';
import { findFault } from '../quality/faults.ts';
import { type Examination, examine } from '../quality/gate.ts';
import { hasEarlyMove } from '../quality/jumps.ts';
import { daysOf, LEAST_MEMBERS, type Sessions, sessionsOf } from '../quality/sessions.ts';
import type { FetchedRecord } from '../raw.ts';
import { type FoundRecord, fetchedAt } from './records.ts';
import { closesBefore, type Market, marketOf, type Stored, sampleDays } from './state.ts';

/** A series that passed the gate, with what the gate said of it. */
export interface Examined extends Omit<Examination, 'fault'> {
  stored: Stored;
  record: FetchedRecord;
}

type Fetched = Pick<Examined, 'stored' | 'record'>;

/**
 * Passes a batch through the gate.
 *
 * @returns what may be stored, in the order of the instruments' ids, and who failed with what
 */
export async function examineBatch(
  tx: Transaction,
  batch: Batch,
  records: ReadonlyMap<string, FoundRecord>,
  known: ReadonlyMap<string, Stored>,
): Promise<{ examined: Examined[]; failures: Failure[] }> {
  const failures: Failure[] = [];
  const fetched: Fetched[] = [];
  for (const symbol of batch.symbols) {
    const one = usable(batch, symbol, records.get(symbol), known.get(symbol));
    if ('stored' in one) fetched.push(one);
    else failures.push(one);
  }
  fetched.sort((a, b) => (a.stored.id < b.stored.id ? -1 : 1));
  const sessions = batch.interval === 'daily' ? await sessionsByMarket(tx, batch, fetched) : undefined;
  const early = fetched.filter(({ record }) => hasEarlyMove(record.bars)).map(({ stored }) => stored.id);
  const before = await closesBefore(tx, batch, early);
  const examined: Examined[] = [];
  for (const { stored, record } of fetched) {
    const { fault, ...rest } = examine(
      {
        symbol: stored.symbol,
        interval: batch.interval,
        from: batch.from,
        asOf: batch.asOf,
        fetchedAt: fetchedAt(record),
        bars: record.bars,
        actions: record.actions,
      },
      {
        sessions: sessions?.get(keyOf(marketOf(stored))),
        before: before.get(stored.id),
        lastStored: stored.lastTs ?? undefined,
      },
    );
    if (fault) failures.push({ symbol: stored.symbol, step: 'load', ...fault });
    else examined.push({ stored, record, ...rest });
  }
  return { examined, failures };
}

function usable(
  batch: Batch,
  symbol: string,
  record: FoundRecord | undefined,
  stored: Stored | undefined,
): Fetched | Failure {
  const fail = (step: 'fetch' | 'load', reason: string, message: string): Failure => ({
    ...{ symbol, step, reason, message },
  });
  if (!stored) return fail('load', 'inactive', 'is not an active instrument any more');
  if (!record || record.status === 'missing') {
    const where = batch.replay
      ? `${batch.replay} has no raw record of these days`
      : 'Fetch left no raw record';
    return fail('load', 'raw_missing', where);
  }
  if (record.status === 'unreadable') return fail('load', 'raw_unreadable', record.message);
  if (record.status === 'failed') return fail('fetch', record.reason, record.message);
  if (record.bars.length === 0 && stored.lastTs === null) {
    return fail('fetch', 'no_bars', `${record.provider} has no bars from ${batch.from} to ${batch.asOf}`);
  }
  return { stored, record };
}

/** The sessions of each market: from the batch's own bars, and from what other instruments have stored. */
async function sessionsByMarket(
  tx: Transaction,
  batch: Batch,
  fetched: readonly Fetched[],
): Promise<Map<string, Sessions>> {
  const markets = new Map<string, Market & { members: number[][] }>();
  for (const { stored, record } of fetched) {
    const market = marketOf(stored);
    const group = markets.get(keyOf(market)) ?? { ...market, members: [] };
    // A series with a fault may have days that are none.
    if (record.bars.length > 0 && !findFault(record.bars, batch)) group.members.push(daysOf(record.bars));
    markets.set(keyOf(market), group);
  }
  const wanted = [...markets.values()];
  const others = await sampleDays(
    tx,
    batch,
    // One instrument alone cannot tell which of its days are missing, and of two neither can the other.
    wanted.map((market) => ({ ...market, whole: market.members.length <= LEAST_MEMBERS })),
  );
  return new Map(wanted.map((market, i) => [keyOf(market), sessionsOf([market.members, others[i] ?? []])]));
}

function keyOf({ exchange, ending }: Market): string {
  return `${exchange} ${ending}`;
}
