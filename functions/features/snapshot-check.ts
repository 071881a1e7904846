import type { Sql } from '../shared/database.ts';
import { type BarsAsSeen, type CallOfBars, readBarsAsSeen } from './bars-as-seen.ts';
import { computeFeatures } from './compute.ts';
import { FEATURE_NAMES, type FeatureName } from './definitions.ts';
import { MARKET_INPUTS, RANKED_INPUTS } from './model-inputs.ts';
import { storedValue } from './stored-value.ts';
import { at } from './windows.ts';

/** A call with the inputs that it was made from. */
export interface CallWithSnapshot extends CallOfBars {
  /** The day of the stocks that it was compared with, `YYYY-MM-DD`; undefined if it was not stored. */
  universeDay: string | undefined;
}

/** A value of the snapshot that does not follow; null if there is none. */
export interface Departure {
  field: string;
  published: number | null;
  recomputed: number | null;
}

/** Whether a snapshot follows from the bars that were known when its call was published. */
export interface SnapshotCheck {
  /** Whether no departure counts. */
  follows: boolean;
  bars: { count: number; assumed: number; factor: number };
  /** Largest difference of equal features; see {@link tolerance}. */
  tolerance: number;
  /** Of the features of the stock itself, and of its close. */
  departures: Departure[];
  /** Names of the snapshot that could not be checked: inputs that this version does not have. */
  unknown: string[];
  others: RanksCheck;
}

/** Ranks and the averages of the market, which depend on the other stocks of the day. */
export interface RanksCheck {
  /**
   * - `equal`: they are those of today's stored features
   * - `different`: they are not, although no bar has changed since
   * - `changed_since`: they are not, and bars have changed since, so this proves nothing
   * - `not_checked`: the call was compared with the stocks of another day, or there are no features of its day
   */
  status: 'equal' | 'different' | 'changed_since' | 'not_checked';
  departures: Departure[];
}

/** Relative difference of equal features. They have 7 significant digits in single precision. */
const EXACT = 1e-6;

/** The difference if today's prices were rescaled, relative or absolute, because vendors round adjusted prices. */
const RESCALED = 1e-4;

/** Relative difference of equal closes if nothing was rescaled. */
const EXACT_CLOSE = 1e-9;

/**
 * Recomputes the features of a call's as-of from the bars as they were when it was published, and compares them with the
 * snapshot. Ranks need all stocks: they are compared with those of the features that are stored today.
 *
 * @param sql - a client of the pipeline's role
 */
export async function checkSnapshot(sql: Sql, call: CallWithSnapshot): Promise<SnapshotCheck> {
  const seen = await readBarsAsSeen(sql, call);
  const { bars, assumed, factor } = seen;
  const departures = departuresOf(call, seen);
  const others = await checkRanks(sql, call);
  return {
    follows: departures.length === 0 && others.status !== 'different',
    bars: { count: bars.ts.length, assumed, factor },
    tolerance: tolerance(seen),
    departures,
    unknown: Object.keys(call.features_snapshot).filter((name) => !KNOWN.has(name)),
    others,
  };
}

const OF_OTHERS = [...RANKED_INPUTS.keys(), ...Object.keys(MARKET_INPUTS)];
const KNOWN = new Set<string>([...FEATURE_NAMES, ...OF_OTHERS, 'close_price']);

/** Without rescaled bars the difference is relative, else relative or absolute, whichever allows more. */
function tolerance({ factor, assumed }: BarsAsSeen): number {
  return factor === 1 || assumed === 0 ? EXACT : RESCALED;
}

function departuresOf({ features_snapshot, as_of }: CallWithSnapshot, seen: BarsAsSeen): Departure[] {
  const { ts, columns } = computeFeatures(seen.bars, as_of.getTime());
  const isThere = ts[0] === as_of.getTime();
  const allowed = tolerance(seen);
  const floor = allowed === EXACT ? 0 : 1;
  const features = FEATURE_NAMES.flatMap((name) => {
    const published = features_snapshot[name];
    const recomputed = isThere ? storedOf(columns, name) : null;
    // The snapshot of an earlier version lacks later features.
    if (published === undefined && !isThere) return [];
    return isClose(published === undefined ? null : Math.fround(published), recomputed, allowed, floor)
      ? []
      : [{ field: name, published: published ?? null, recomputed }];
  });
  const close = isThere ? (seen.bars.c.at(-1) ?? null) : null;
  const published = features_snapshot.close_price ?? null;
  return isClose(published, close, allowed === EXACT ? EXACT_CLOSE : allowed, 0)
    ? features
    : [...features, { field: 'close_price', published, recomputed: close }];
}

/** As the table `features` has it; null for no value. */
function storedOf(columns: Record<FeatureName, Float64Array>, name: FeatureName): number | null {
  const value = storedValue(at(columns[name], 0));
  return Number.isFinite(value) ? value : null;
}

function isClose(a: number | null, b: number | null, allowed: number, floor: number): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= allowed * Math.max(floor, Math.abs(a), Math.abs(b));
}

async function checkRanks(sql: Sql, call: CallWithSnapshot): Promise<RanksCheck> {
  const { instrument_id, as_of, features_snapshot, universeDay } = call;
  const isOwnDay = universeDay === as_of.toISOString().slice(0, 10);
  const [row] = isOwnDay
    ? await sql<Record<string, number | null>[]>`
        SELECT ${sql(OF_OTHERS)} FROM model_inputs WHERE ts = ${as_of} AND instrument_id = ${instrument_id}`
    : [];
  if (!row) return { status: 'not_checked', departures: [] };
  const departures = OF_OTHERS.flatMap((field) => {
    const [published, recomputed] = [features_snapshot[field] ?? null, row[field] ?? null];
    return published === recomputed ? [] : [{ field, published, recomputed }];
  });
  if (departures.length === 0) return { status: 'equal', departures };
  return { status: (await haveBarsChanged(sql, call)) ? 'changed_since' : 'different', departures };
}

/** Whether a bar from which features of the day follow was stored or corrected after the call. */
async function haveBarsChanged(sql: Sql, { as_of, generated_at }: CallOfBars): Promise<boolean> {
  const [changed] = await sql<[{ any: boolean }]>`
    SELECT EXISTS (
      SELECT FROM bar_revisions WHERE interval = 'daily' AND ts <= ${as_of} AND replaced_at > ${generated_at}
    ) OR EXISTS (
      SELECT FROM price_bars WHERE interval = 'daily' AND ts = ${as_of} AND created_at > ${generated_at}
    ) AS any`;
  return changed.any;
}
