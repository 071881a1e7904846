import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { INTERVALS } from '../shared/constants.ts';
import type { Batch } from '../shared/contracts.ts';
import { Day } from '../shared/fields.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import type { Bar } from './providers/provider.ts';

/** The format version of records that this release writes and reads. */
const VERSION = 2;

/** JSON writes NaN and Infinity as null. Reading null as NaN lets Load report the value as not finite. */
const Value = z.union([z.number(), z.null().transform(() => Number.NaN)]);

/** The fields that every record has. */
const Request = {
  version: z.literal(VERSION),
  symbol: z.string(),
  interval: z.enum(INTERVALS),
  /** First and last requested day, both inclusive. */
  from: Day,
  to: Day,
  /** The provider that sent the bars; for a failure, the first one that was asked. */
  provider: z.string(),
  fetchedAt: z.iso.datetime(),
  /** The providers that refused, in order, with their reasons; empty where the first one answered. */
  attempts: z.array(z.strictObject({ provider: z.string(), reason: z.string(), message: z.string() })),
};

const Action = z.strictObject({ exDay: Day, kind: z.enum(['split', 'dividend']), value: z.number() });

const Described = z.strictObject({
  symbol: z.string(),
  exchange: z.string().exactOptional(),
  name: z.string().exactOptional(),
  sector: z.string().exactOptional(),
  currency: z.string().exactOptional(),
  marketCap: z.number().exactOptional(),
  trailingPe: z.number().exactOptional(),
});

/** The normalised result of Fetch for one instrument, from which a run can be replayed. */
const RawRecord = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('fetched'),
    ...Request,
    /**
     * Each bar as [ts in milliseconds since the epoch, open, high, low, close, volume]. A value that the source lacks,
     * or that cannot be read, is NaN. Two rows of one day are both kept, with one ts.
     */
    bars: z.array(z.tuple([Value, Value, Value, Value, Value, Value])),
    /** Splits and dividends within the requested days, ascending by ex day. */
    actions: z.array(Action),
    /** What the answer says about the instrument: see `SourceFacts`. */
    currency: z.string().exactOptional(),
    exchange: z.string().exactOptional(),
    timeZone: z.string().exactOptional(),
    tradesEveryDay: z.boolean().exactOptional(),
    hasVolume: z.boolean().exactOptional(),
    /** The source's factors of adjustment for dividends, as in `FetchedBars`. */
    adjustments: z.array(z.tuple([z.number(), z.number()])).exactOptional(),
    /** The provider's description of the instrument; absent where it was not requested or not available. */
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

/** Identifies a record together with the symbol. A run may fetch one instrument twice, from different days. */
export type RawScope = Pick<Batch, 'runId' | 'interval' | 'from'>;

/**
 * The key of an instrument's record in a run. The pattern of symbols makes them safe in keys.
 *
 * @example
 * rawKey({ runId: 'run-1', interval: 'daily', from: '2026-03-02' }, 'AAPL');
 * // 'raw/run-1/daily/2026-03-02/AAPL.json.gz'
 */
export function rawKey({ runId, interval, from }: RawScope, symbol: string): string {
  return `raw/${runId}/${interval}/${from}/${symbol}.json.gz`;
}

type Unversioned<R> = R extends RawRecord ? Omit<R, 'version'> : never;

/** A record without its format version. */
export type NewRecord = Unversioned<RawRecord>;

export async function writeRaw(objects: ObjectStore, runId: string, record: NewRecord): Promise<void> {
  const key = rawKey({ runId, interval: record.interval, from: record.from }, record.symbol);
  await objects.put(key, gzipSync(JSON.stringify({ version: VERSION, ...record }), { level: 1 }));
}

/**
 * Reads the record of an instrument of a batch.
 *
 * @returns the record, or undefined if Fetch wrote none
 * @throws Error if the object is not such a record
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
