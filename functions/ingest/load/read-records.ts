import * as z from 'zod';
import type { Batch } from '../../shared/contracts.ts';
import type { ObjectStore } from '../../shared/object-store.ts';
import type { Listing } from '../providers/provider.ts';
import { type RawRecord, readRaw } from '../raw.ts';

/** The record that Fetch left for an instrument, or why there is none to use. */
export type FoundRecord = RawRecord | { status: 'missing' } | { status: 'unreadable'; message: string };

/**
 * Reads the raw records of a batch: those of its own run, or of the run that it replays. A malformed record fails its
 * own instrument and no other.
 *
 * @returns one entry per symbol
 * @throws Error if the object store itself fails
 */
export async function readRecords(batch: Batch, objects: ObjectStore): Promise<Map<string, FoundRecord>> {
  const found = await Promise.all(
    batch.symbols.map(
      async (symbol): Promise<[string, FoundRecord]> => [symbol, await readRecord(batch, symbol, objects)],
    ),
  );
  return new Map(found);
}

/**
 * Reads one raw record of a batch, as {@link readRecords} does.
 *
 * @throws Error if the object store itself fails
 */
export async function readRecord(batch: Batch, symbol: string, objects: ObjectStore): Promise<FoundRecord> {
  try {
    const scope = { ...batch, runId: batch.replay ?? batch.runId };
    return (await readRaw(objects, scope, symbol)) ?? { status: 'missing' };
  } catch (error) {
    if (!isMalformed(error)) throw error;
    return { status: 'unreadable', message: error.message.slice(0, 200) };
  }
}

/** The descriptions of instruments that came with the bars, with the exchange and currency that the answer with the bars names. */
export function listingsOf(records: ReadonlyMap<string, FoundRecord>): Listing[] {
  return [...records.values()].flatMap((record) => {
    if (record.status !== 'fetched') return [];
    const { symbol, exchange, currency, listing } = record;
    if (!listing && !exchange) return [];
    return [{ symbol, ...(exchange && { exchange }), ...(currency && { currency }), ...listing }];
  });
}

/** Whether the bytes of the record are wrong, as opposed to a failure of the store or the network. */
function isMalformed(error: unknown): error is Error {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return true;
  // The codes of zlib's errors begin with Z_.
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
