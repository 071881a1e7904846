import { ADX, ATR, BollingerBands, MACD, RSI } from 'technicalindicators';
import { type BarColumns, computeFeatures } from '../functions/features/compute.ts';
import { realBars, toColumns } from '../test/functions/features/series.ts';

const ROUNDS = 15;

/**
 * Times computing all 34 features of every bar of the sample against computing, with the same library, only the
 * five indicators that it provides: the rest of the features is the difference. The two take turns, and the
 * medians count.
 */
export async function benchFeatures(): Promise<Record<string, number>> {
  const series: BarColumns[] = [];
  for (const symbol of ['AAPL', 'FB', 'GOOG', 'IBM', 'MSFT']) series.push(toColumns(await realBars(symbol)));
  const rows = series.reduce((sum, { ts }) => sum + ts.length, 0);
  const times = { all: [] as number[], five: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.all.push(timed(() => series.map((bars) => computeFeatures(bars, 0))));
    times.five.push(timed(() => series.map(fiveIndicators)));
  }
  const [all, five] = [median(times.all), median(times.five)];
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return {
    ratio: rounded(all / five),
    microsecondsPerRow: rounded((all * 1000) / rows),
    peerMicrosecondsPerRow: rounded((five * 1000) / rows),
    rows,
  };
}

function fiveIndicators({ h: high, l: low, c: close }: BarColumns): void {
  RSI.calculate({ period: 14, values: close });
  ATR.calculate({ period: 14, high, low, close });
  ADX.calculate({ period: 14, high, low, close });
  BollingerBands.calculate({ period: 20, stdDev: 2, values: close });
  MACD.calculate({
    values: close,
    fastPeriod: 12,
    slowPeriod: 26,
    signalPeriod: 9,
    SimpleMAOscillator: false,
    SimpleMASignal: false,
  });
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
