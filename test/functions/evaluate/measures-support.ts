import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Market } from '../../../functions/evaluate/market.ts';
import type { MeasuringRule } from '../../../functions/evaluate/outcomes.ts';
import type { Measure } from '../../../functions/evaluate/resamples.ts';

/** What training/tests/measures_fixture.py wrote: a small market, predictions, and what training measures of them. */
export interface MeasuresFixture {
  days: string[];
  symbols: string[];
  closes: (number | null)[][];
  /** The first day of the columns, as an index. */
  firstDay: number;
  columns: Record<string, (number | null)[][]>;
  residualDays: number[];
  residuals: (number | null)[][];
  predictions: string;
  outcomeRows: [symbol: string, day: string][];
  outcomes: Record<string, number[]>;
  labels: number[];
  metrics: Record<string, unknown>;
  /** Another score of every second row, by symbol and day. */
  other: Record<string, number>;
  paired: Record<string, { difference: Measure }>;
}

export const FIXTURE: MeasuresFixture = JSON.parse(
  gunzipSync(readFileSync(new URL('measures.json.gz', import.meta.url))).toString(),
);

export const FIXTURE_RULE: MeasuringRule = {
  tail: 0.3,
  volatilityFeature: 'vol_20d',
  exposures: ['vol_60d_rank', 'illiquidity_20_rank'],
  horizonDays: 20,
  shortHorizonDays: 5,
  everyone: true,
};

export const FIXTURE_PREDICTIONS: Uint8Array = gzipSync(FIXTURE.predictions);

/** The fixture's market, as `readMarket` would read it. */
export function fixtureMarket(): Market {
  const { days, symbols, firstDay } = FIXTURE;
  const before = Array.from({ length: firstDay }, () => symbols.map(() => null));
  const flat = (rows: (number | null)[][]) => rows.flat().map((value) => value ?? Number.NaN);
  const columns = Object.entries(FIXTURE.columns).map(
    ([name, rows]) => [name, Float32Array.from(flat([...before, ...rows]))] as const,
  );
  return {
    days,
    symbols,
    closes: { days, instruments: symbols.length, values: Float64Array.from(flat(FIXTURE.closes)) },
    columns: Object.fromEntries(columns),
  };
}
