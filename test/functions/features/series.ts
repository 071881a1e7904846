import type { BarColumns, FeatureColumns } from '../../../functions/features/compute.ts';
import {
  ADDITIONAL_FEATURE_NAMES,
  COLUMN_FEATURE_NAMES,
  type FeatureName,
} from '../../../functions/features/definitions.ts';
import type { Bar, FileProvider } from '../../../functions/ingest/providers/provider.ts';
import { openSampleProvider } from '../../../functions/ingest/providers/sample/sample-provider.ts';
import { SAMPLE_FILE } from '../../support/sample.ts';

export const FEATURE_NAMES: FeatureName[] = [...COLUMN_FEATURE_NAMES, ...ADDITIONAL_FEATURE_NAMES];

let sample: Promise<FileProvider> | undefined;

/** Real bars of the bundled sample, adjusted. */
export async function realBars(symbol: string, from = '2000-01-01', to = '2013-12-31'): Promise<Bar[]> {
  sample ??= openSampleProvider(SAMPLE_FILE);
  return (await (await sample).fetchBars({ symbol, interval: 'daily', from, to })).bars;
}

export function toColumns(bars: Bar[]): BarColumns {
  const field = (name: keyof Bar) => bars.map((bar) => bar[name]);
  return { ts: field('ts'), o: field('o'), h: field('h'), l: field('l'), c: field('c'), v: field('v') };
}

/** Reproducible random numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Bars of consecutive days from 2024-01-01 with the given closes. Each range exceeds its body by 1. */
export function barsOfCloses(closes: number[], volume = 1000): BarColumns {
  return toColumns(
    closes.map((c, i) => {
      const o = closes[i - 1] ?? c;
      return { ts: Date.UTC(2024, 0, 1 + i), o, h: Math.max(o, c) + 1, l: Math.min(o, c) - 1, c, v: volume };
    }),
  );
}

/** A random walk of at most 366 days, so that it lies within one calendar year. */
export function randomWalk(count: number, seed: number): BarColumns {
  const random = seededRandom(seed);
  let close = 50;
  return toColumns(
    Array.from({ length: count }, (_, i) => {
      const o = close * (1 + (random() - 0.5) * 0.01);
      close *= 1 + (random() - 0.49) * 0.04;
      const h = Math.max(o, close) * (1 + random() * 0.01);
      const l = Math.min(o, close) * (1 - random() * 0.01);
      return { ts: Date.UTC(2024, 0, 1 + i), o, h, l, c: close, v: 1000 + Math.floor(random() * 5000) };
    }),
  );
}

/** The first difference in length or in a bit between two sets of features; undefined if they are equal. */
export function firstDifference(a: FeatureColumns, b: FeatureColumns): string | undefined {
  if (a.ts.length !== b.ts.length) return `${a.ts.length} rows against ${b.ts.length}`;
  for (let i = 0; i < a.ts.length; i++) {
    if (a.ts[i] !== b.ts[i]) return `row ${i} is of another bar`;
    for (const name of FEATURE_NAMES) {
      const [left, right] = [a.columns[name][i], b.columns[name][i]];
      if (!Object.is(left, right)) return `${name} of row ${i}: ${left} against ${right}`;
    }
  }
  return undefined;
}

/** The rows of a result between two indices. */
export function rowsBetween({ ts, columns }: FeatureColumns, from: number, to?: number): FeatureColumns {
  const part = FEATURE_NAMES.map((name) => [name, columns[name].slice(from, to)]);
  return { ts: ts.slice(from, to), columns: Object.fromEntries(part) };
}

/** The bars between two indices. */
export function barsBetween(bars: BarColumns, from: number, to?: number): BarColumns {
  const part = (values: number[]) => values.slice(from, to);
  return {
    ts: part(bars.ts),
    o: part(bars.o),
    h: part(bars.h),
    l: part(bars.l),
    c: part(bars.c),
    v: part(bars.v),
  };
}
