import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { INTERVALS } from '../shared/constants.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { Bar } from './providers/provider.ts';

/** JSON has no word for NaN and Infinity and writes null: Load is to see that it was no number. */
const Value = z.union([z.number(), z.null().transform(() => Number.NaN)]);

/** What Fetch got for one instrument, normalised: the record that a run can be replayed from. */
const RawRecord = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('fetched'),
    symbol: z.string(),
    provider: z.string(),
    interval: z.enum(INTERVALS),
    /** Each bar as [ts in milliseconds, open, high, low, close, volume]. */
    bars: z.array(z.tuple([Value, Value, Value, Value, Value, Value])),
  }),
  z.strictObject({
    status: z.literal('failed'),
    symbol: z.string(),
    provider: z.string(),
    reason: z.string(),
    message: z.string(),
  }),
]);
export type RawRecord = z.output<typeof RawRecord>;
export type RawBar = Extract<RawRecord, { status: 'fetched' }>['bars'][number];

/** Where the record of an instrument in a run is. Symbols are safe in keys by their own pattern. */
export function rawKey(runId: string, symbol: string): string {
  return `raw/${runId}/${symbol}.json.gz`;
}

export async function writeRaw(objects: ObjectStore, runId: string, record: RawRecord): Promise<void> {
  await objects.put(rawKey(runId, record.symbol), gzipSync(JSON.stringify(record), { level: 1 }));
}

/** @returns the record, or undefined if Fetch left none */
export async function readRaw(
  objects: ObjectStore,
  runId: string,
  symbol: string,
): Promise<RawRecord | undefined> {
  const body = await objects.get(rawKey(runId, symbol));
  if (!body) return undefined;
  const record: unknown = JSON.parse(gunzipSync(body).toString());
  return RawRecord.parse(record);
}

export function toRawBar({ ts, o, h, l, c, v }: Bar): RawBar {
  return [ts, o, h, l, c, v];
}
