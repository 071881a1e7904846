import type { Batch, FetchResult } from '../shared/contracts.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { type Provider, ProviderError } from './providers/provider.ts';
import { type RawRecord, toRawBar, writeRaw } from './raw.ts';

/**
 * Asks the provider for each instrument of a batch and writes what came, or why nothing did, to the raw
 * record. It needs no database: what failed is told to Load through the same record.
 */
export async function fetchBatch(
  batch: Batch,
  provider: Provider,
  objects: ObjectStore,
): Promise<FetchResult> {
  let failed = 0;
  for (const symbol of batch.symbols) {
    const record = await fetchOne(batch, symbol, provider);
    if (record.status === 'failed') failed++;
    await writeRaw(objects, batch.runId, record);
  }
  return { batch: batch.batch, fetched: batch.symbols.length - failed, failed };
}

async function fetchOne(batch: Batch, symbol: string, provider: Provider): Promise<RawRecord> {
  const { interval, from, asOf } = batch;
  try {
    const bars = await provider.fetchBars({ symbol, interval, from, to: asOf });
    return { status: 'fetched', symbol, provider: provider.name, interval, bars: bars.map(toRawBar) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return {
      status: 'failed',
      symbol,
      provider: provider.name,
      reason: error.reason,
      message: error.message,
    };
  }
}
