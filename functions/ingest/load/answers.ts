import type { Batch } from '../../shared/contracts.ts';
import type { Failure } from '../../shared/ledger.ts';
import { type CheckedBars, checkBars } from '../quality/bad-bars.ts';
import { DAYS_SHOWN, daysOf, tradesEveryDay } from '../quality/sessions.ts';
import type { FetchedRecord } from '../raw.ts';
import type { FoundRecord } from './read-records.ts';
import type { StoredInstrument } from './stored-state.ts';

/** An instrument and the answer that its provider gave. */
export interface Answer {
  instrument: StoredInstrument;
  record: FetchedRecord;
  /** Its bars, checked one by one. */
  checked: CheckedBars;
}

/** The instruments of a batch, by whether they have an answer, and the markets of those that have. */
export interface SortedAnswers {
  /** In the order of the instruments' ids, in which rows are locked and written. */
  answers: Answer[];
  failures: Failure[];
  markets: BatchMarket[];
}

/** When the provider was asked, in milliseconds since the epoch. */
export function fetchedAt(record: FetchedRecord): number {
  return Date.parse(record.fetchedAt);
}

/** Whether the answer is older than the fetch that the stored bars come from. */
export function isOutdated({ instrument, record }: Answer): boolean {
  return instrument.fetchedAt !== null && fetchedAt(record) < instrument.fetchedAt;
}

/**
 * Separates the instruments of a batch that have a usable answer from those that failed before their bars could be
 * judged.
 */
export function sortAnswers(
  batch: Batch,
  records: ReadonlyMap<string, FoundRecord>,
  instruments: ReadonlyMap<string, StoredInstrument>,
): SortedAnswers {
  const answers: Answer[] = [];
  const failures: Failure[] = [];
  for (const symbol of batch.symbols) {
    const result = answerOf(batch, symbol, records.get(symbol), instruments.get(symbol));
    if ('record' in result) answers.push(result);
    else failures.push(result);
  }
  answers.sort((a, b) => (a.instrument.id < b.instrument.id ? -1 : 1));
  return { answers, failures, markets: marketsOf(answers) };
}

function answerOf(
  batch: Batch,
  symbol: string,
  record: FoundRecord | undefined,
  instrument: StoredInstrument | undefined,
): Answer | Failure {
  const fail = (step: 'fetch' | 'load', reason: string, message: string): Failure => {
    return { symbol, step, reason, message };
  };
  if (!instrument)
    return fail('load', 'inactive', 'the instrument was deactivated after the run was planned');
  if (!record || record.status === 'missing') {
    const message = batch.replay
      ? `run ${batch.replay} left no raw record for these days`
      : 'Fetch left no raw record';
    return fail('load', 'raw_missing', message);
  }
  if (record.status === 'unreadable') return fail('load', 'raw_unreadable', record.message);
  if (record.status === 'failed') return fail('fetch', record.reason, record.message);
  if (record.bars.length === 0 && instrument.lastTs === null) {
    return fail('fetch', 'no_bars', `${record.provider} has no bars from ${batch.from} to ${batch.asOf}`);
  }
  return { instrument, record, checked: checkBars(record.bars, batch) };
}

/** Instruments that trade on the same days: those of one exchange with one kind of symbol and one kind of week. */
interface Market {
  exchange: string;
  /** The exchange suffix of their symbols, such as `.L` or `.T`; empty for American ones. */
  suffix: string;
  /** Whether they trade on weekends, too. */
  everyDay: boolean;
}

/** A market in a batch, with the days on which the batch's own instruments have bars. */
export interface BatchMarket extends Market {
  key: string;
  /** One list of days per instrument, ascending, in milliseconds since the epoch. */
  days: number[][];
}

/** The key of an instrument's market. */
export function marketKey(answer: Answer): string {
  return keyOf(marketOf(answer));
}

function keyOf({ exchange, suffix, everyDay }: Market): string {
  return `${exchange} ${suffix}${everyDay ? ' every day' : ''}`;
}

function marketOf({ instrument, record }: Answer): Market {
  return {
    exchange: instrument.exchange,
    suffix: suffixOf(instrument.symbol),
    everyDay: record.tradesEveryDay ?? tradesEveryDay(daysOf(record.bars.slice(-DAYS_SHOWN))),
  };
}

/** Groups the answers of a batch by market. */
function marketsOf(answers: readonly Answer[]): BatchMarket[] {
  const markets = new Map<string, BatchMarket>();
  for (const answer of answers) {
    const one = marketOf(answer);
    const key = keyOf(one);
    let market = markets.get(key);
    if (!market) {
      market = { ...one, key, days: [] };
      markets.set(key, market);
    }
    const { record, checked } = answer;
    // The days of a malformed series, and of bad bars, cannot be trusted.
    if (record.bars.length > 0 && checked.separated) market.days.push(daysOf(checked.separated.bars));
  }
  return [...markets.values()];
}

function suffixOf(symbol: string): string {
  const dot = symbol.indexOf('.');
  return dot < 0 ? '' : symbol.slice(dot);
}
