import { now } from '../shared/clock.ts';
import type { Batch, FetchResult } from '../shared/contracts.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { log } from '../shared/telemetry.ts';
import { describeInstrument } from './describe.ts';
import { currenciesOf, rateSymbol } from './exchange-rates.ts';
import { AllProvidersFailedError, mayRetry, ProviderError } from './providers/errors.ts';
import type { Provider } from './providers/provider.ts';
import { type NewRecord, type RawRecord, readRaw, toRawBar, writeRaw } from './raw.ts';

/**
 * Fetches each instrument of a batch from the provider, at the concurrency that the provider allows, and writes a raw
 * record of each answer or refusal. It needs no database: Load reads the failures from the raw records.
 *
 * A repetition fetches only what is missing: instruments without a record of these days, and those whose failure a
 * retry may mend. A batch that replays another run's records fetches nothing.
 */
export async function fetchBatch(
  batch: Batch,
  provider: Provider,
  objects: ObjectStore,
): Promise<FetchResult> {
  if (batch.replay !== undefined) return { batch: batch.batch, fetched: 0, failed: 0 };
  let failed = 0;
  let reused = 0;
  const currencies = new Set<string>();
  await eachAtOnce(batch.symbols, provider.concurrency ?? 1, async (symbol) => {
    const known = await knownRecord(batch, symbol, objects);
    const record = known ?? (await fetchOne(batch, symbol, provider));
    if (record.status === 'failed') failed++;
    if (known) reused++;
    else await writeRaw(objects, batch.runId, record);
    for (const currency of currenciesOf([record])) currencies.add(currency);
  });
  if (batch.interval === 'daily') await fetchRates(batch, [...currencies].sort(), provider, objects);
  if (reused > 0) log('info', 'raw records reused', { runId: batch.runId, batch: batch.batch, reused });
  return { batch: batch.batch, fetched: batch.symbols.length - failed, failed };
}

/**
 * Fetches the exchange rates of some currencies over the days of a batch, as bars of their symbols. A failure is only
 * logged: amounts in that currency are then not compared with others.
 */
async function fetchRates(
  batch: Batch,
  currencies: readonly string[],
  provider: Provider,
  objects: ObjectStore,
): Promise<void> {
  for (const currency of currencies) {
    const symbol = rateSymbol(currency);
    // Another batch of the run, or an instrument of this one, may have the same symbol and days.
    if (await knownRecord(batch, symbol, objects)) continue;
    const record = await fetchBars({ ...batch, symbols: [symbol] }, symbol, provider);
    await writeRaw(objects, batch.runId, record);
    if (record.status === 'fetched') continue;
    const { reason, message } = record;
    log('warn', 'exchange rate not fetched', { runId: batch.runId, currency, reason, message });
  }
}

/** The record that an earlier attempt of this run wrote, unless a retry may improve on it. */
async function knownRecord(
  batch: Batch,
  symbol: string,
  objects: ObjectStore,
): Promise<RawRecord | undefined> {
  let record: RawRecord | undefined;
  try {
    record = await readRaw(objects, batch, symbol);
  } catch (error) {
    // The instrument is fetched again, so the run need not fail.
    const message = error instanceof Error ? error.message : String(error);
    log('warn', 'raw record not readable', { runId: batch.runId, symbol, message: message.slice(0, 200) });
  }
  if (record?.to !== batch.asOf) return undefined;
  const mayHelp = record.status === 'failed' && record.attempts.some(({ reason }) => mayRetry(reason));
  return mayHelp ? undefined : record;
}

/** Fetches the bars of an instrument, and its description when it is due. */
async function fetchOne(batch: Batch, symbol: string, provider: Provider): Promise<NewRecord> {
  const record = await fetchBars(batch, symbol, provider);
  if (record.status === 'failed') return record;
  const listing = await describeInstrument(batch, symbol, provider);
  return { ...record, ...(listing && { listing }) };
}

async function fetchBars(batch: Batch, symbol: string, provider: Provider): Promise<NewRecord> {
  const { interval, from, asOf: to } = batch;
  const request = { symbol, interval, from, to, fetchedAt: now().toISOString() };
  try {
    const answer = await provider.fetchBars({ symbol, interval, from, to, batch: batch.symbols });
    const { bars, provider: source = provider.name, attempts = [], ...facts } = answer;
    return {
      status: 'fetched',
      ...request,
      ...facts,
      provider: source,
      attempts,
      bars: bars.map(toRawBar),
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { reason, message } = error;
    const attempts =
      error instanceof AllProvidersFailedError
        ? error.attempts
        : [{ provider: provider.name, reason, message }];
    return { status: 'failed', ...request, provider: provider.name, attempts, reason, message };
  }
}

/**
 * Does some work for each symbol, a few at once. After an error, no new work begins.
 *
 * @throws the first error, once all running work has ended
 */
async function eachAtOnce(
  symbols: readonly string[],
  atOnce: number,
  work: (symbol: string) => Promise<void>,
): Promise<void> {
  // All workers share one generator: when a worker throws, the generator ends for all of them.
  const queue = (function* () {
    yield* symbols;
  })();
  const worker = async () => {
    for (const symbol of queue) await work(symbol);
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}
