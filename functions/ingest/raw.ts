import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { INTERVALS } from '../shared/constants.ts';
import { type Batch, Day } from '../shared/contracts.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { Bar } from './providers/provider.ts';

/** The form of the records that this version writes and reads. */
const VERSION = 2;

/** JSON has no word for NaN and Infinity and writes null: Load is to see that it was no number. */
const Value = z.union([z.number(), z.null().transform(() => Number.NaN)]);

/** What every record says of its request. */
const Request = {
  version: z.literal(VERSION),
  symbol: z.string(),
  interval: z.enum(INTERVALS),
  /** First and last day asked for, both inclusive. */
  from: Day,
  to: Day,
  /** Whose bars these are; of a failure, who was asked first. */
  provider: z.string(),
  fetchedAt: z.iso.datetime(),
  /** Who refused, in the order asked, and why; empty where the first one answered. */
  attempts: z.array(z.strictObject({ provider: z.string(), reason: z.string(), message: z.string() })),
};

const Action = z.strictObject({ exDay: Day, kind: z.enum(['split', 'dividend']), value: z.number() });

const Described = z.strictObject({
  symbol: z.string(),
  exchange: z.string().exactOptional(),
  name: z.string().exactOptional(),
  sector: z.string().exactOptional(),
  marketCap: z.number().exactOptional(),
  trailingPe: z.number().exactOptional(),
});

/** What Fetch got for one instrument, normalised: the record that a run can be replayed from. */
const RawRecord = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('fetched'),
    ...Request,
    /** Each bar as [ts in milliseconds, open, high, low, close, volume]. */
    bars: z.array(z.tuple([Value, Value, Value, Value, Value, Value])),
    /** Splits and dividends of those days, ascending by ex day. */
    actions: z.array(Action),
    /** What the instrument is, where the provider was asked and knew. */
    listing: Described.optional(),
  }),
  z.strictObject({
    status: z.literal('failed'),
    ...Request,
    reason: z.string(),
    message: z.string(),
  }),
]);
export type RawRecord = z.output<typeof RawRecord>;
export type FetchedRecord = Extract<RawRecord, { status: 'fetched' }>;
export type RawBar = FetchedRecord['bars'][number];

/** What, beside the symbol, tells the records of a run apart: it may ask for one instrument's days twice. */
export type RawScope = Pick<Batch, 'runId' | 'interval' | 'from'>;

/**
 * Where the record of an instrument in a run is. Symbols are safe in keys by their own pattern.
 *
 * @example
 * rawKey({ runId: 'run-1', interval: 'daily', from: '2026-03-02' }, 'AAPL');
 * // 'raw/run-1/daily/2026-03-02/AAPL.json.gz'
 */
export function rawKey({ runId, interval, from }: RawScope, symbol: string): string {
  return `raw/${runId}/${interval}/${from}/${symbol}.json.gz`;
}

type Unversioned<R> = R extends RawRecord ? Omit<R, 'version'> : never;

/** A record before it says which form it has. */
export type NewRecord = Unversioned<RawRecord>;

export async function writeRaw(objects: ObjectStore, runId: string, record: NewRecord): Promise<void> {
  const key = rawKey({ runId, interval: record.interval, from: record.from }, record.symbol);
  await objects.put(key, gzipSync(JSON.stringify({ version: VERSION, ...record }), { level: 1 }));
}

/**
 * Reads the record of an instrument of a batch.
 *
 * @returns the record, or undefined if Fetch left none
 * @throws Error if what is there is not such a record
 */
export async function readRaw(
  objects: ObjectStore,
  scope: RawScope,
  symbol: string,
): Promise<RawRecord | undefined> {
  const body = await objects.get(rawKey(scope, symbol));
  if (!body) return undefined;
  const record: unknown = JSON.parse(gunzipSync(body).toString());
  return RawRecord.parse(record);
}

export function toRawBar({ ts, o, h, l, c, v }: Bar): RawBar {
  return [ts, o, h, l, c, v];
}
