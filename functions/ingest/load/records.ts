import { z } from 'zod';
import type { Batch } from '../../shared/contracts.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import { type FetchedRecord, type RawRecord, readRaw } from '../raw.ts';

/** What Fetch left for an instrument, or why that cannot be read. */
export type FoundRecord = RawRecord | { status: 'missing' } | { status: 'unreadable'; message: string };

/**
 * Reads the raw records of a batch: its own run's, or those of the run that it replays. A record that cannot be read
 * is that instrument's trouble and no other's.
 *
 * @returns one entry a symbol
 * @throws Error if the store itself fails
 */
export async function readRecords(batch: Batch, objects: ObjectStore): Promise<Map<string, FoundRecord>> {
  const scope = { ...batch, runId: batch.replay ?? batch.runId };
  const found = await Promise.all(
    batch.symbols.map(async (symbol): Promise<[string, FoundRecord]> => {
      try {
        return [symbol, (await readRaw(objects, scope, symbol)) ?? { status: 'missing' }];
      } catch (error) {
        if (!isMalformed(error)) throw error;
        return [symbol, { status: 'unreadable', message: error.message.slice(0, 200) }];
      }
    }),
  );
  return new Map(found);
}

/** When the source was asked, in milliseconds since the epoch. */
export function fetchedAt(record: FetchedRecord): number {
  return Date.parse(record.fetchedAt);
}

/** Whether the record's own bytes are at fault, and not the store or the network. */
function isMalformed(error: unknown): error is Error {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
