import { ADX, ATR, BollingerBands, MACD, RSI } from 'technicalindicators';
import { type BarColumns, computeFeatures } from '../functions/features/compute.ts';
import { realBars, toColumns } from '../test/functions/features/series.ts';
import { median, rounded } from './quantile.ts';

const ROUNDS = 15;

/**
 * Compares the time for all 34 features of every bar of the sample with the time that technicalindicators alone takes
 * for the five indicators that it provides. The two alternate, and the medians are compared.
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
