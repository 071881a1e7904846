import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADX, ATR, BollingerBands, MACD, RSI } from 'technicalindicators';
import { type BarColumns, computeFeatures } from '../functions/features/compute.ts';
import {
  averageDirectionalIndex,
  averageTrueRange,
  macdHistogram,
  relativeStrengthIndex,
} from '../functions/features/smoothed.ts';
import { deviations, means } from '../functions/features/windows.ts';
import { realBars, toColumns } from '../test/functions/features/series.ts';
import { median, rounded } from './quantile.ts';
import { startTaLib } from './talib.ts';

const ROUNDS = 25;

/** Repetitions in a round, as many as in training/bench/indicators.py. */
const REPETITIONS = 10;

/**
 * Compares the time for all 34 features of every bar of the sample with two peers on the same bars. technicalindicators
 * computes only five indicators. TA-Lib, called from Python, computes the five, and the whole set with numpy. Without
 * python3, only technicalindicators is a peer. All alternate, and the medians are compared.
 */
export async function benchFeatures(): Promise<Record<string, number>> {
  const series: BarColumns[] = [];
  for (const symbol of ['AAPL', 'FB', 'GOOG', 'IBM', 'MSFT']) series.push(toColumns(await realBars(symbol)));
  const typed = series.map(({ h, l, c }) => ({
    h: Float64Array.from(h),
    l: Float64Array.from(l),
    c: Float64Array.from(c),
  }));
  const rows = series.reduce((sum, { ts }) => sum + ts.length, 0);
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-bench-'));
  try {
    const file = join(folder, 'bars.json');
    await writeFile(file, JSON.stringify(series.map(({ o, h, l, c, v }) => ({ o, h, l, c, v }))));
    const talib = await startTaLib(file);
    if (!talib) process.stderr.write('There is no python3: the bench leaves TA-Lib out.\n');
    const times = {
      all: [] as number[],
      five: [] as number[],
      peerFive: [] as number[],
      talibAll: [] as number[],
      talibFive: [] as number[],
    };
    for (let round = 0; round < ROUNDS; round++) {
      times.all.push(timed(() => series.map((bars) => computeFeatures(bars, 0))));
      if (talib) times.talibAll.push(1000 * (await talib.seconds('all')));
      times.five.push(timed(() => typed.map(fiveIndicators)));
      if (talib) times.talibFive.push(1000 * (await talib.seconds('five')));
      times.peerFive.push(timed(() => series.map(peersFiveIndicators)));
    }
    talib?.stop();
    const of = (name: keyof typeof times) => median(times[name]);
    const perRow = (name: keyof typeof times) => rounded((of(name) * 1000) / rows);
    return {
      ratio: rounded(of('all') / of('peerFive')),
      ...(talib && {
        vsTaLib: rounded(of('all') / of('talibAll')),
        sharedVsTaLib: rounded(of('five') / of('talibFive')),
      }),
      microsecondsPerRow: perRow('all'),
      sharedMicrosecondsPerRow: perRow('five'),
      peerMicrosecondsPerRow: perRow('peerFive'),
      ...(talib && {
        taLibMicrosecondsPerRow: perRow('talibAll'),
        taLibSharedMicrosecondsPerRow: perRow('talibFive'),
      }),
      rows,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fiveIndicators({ h, l, c }: Record<'h' | 'l' | 'c', Float64Array>): void {
  relativeStrengthIndex(c, 14);
  averageTrueRange(h, l, c, 14);
  averageDirectionalIndex(h, l, 14);
  deviations(c, means(c, 20), 20);
  macdHistogram(c, { fast: 12, slow: 26, signal: 9 });
}

function peersFiveIndicators({ h: high, l: low, c: close }: BarColumns): void {
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

/** Milliseconds of processor time for one repetition of some work. Other processes hardly affect it. */
function timed(work: () => void): number {
  const before = process.cpuUsage();
  for (let i = 0; i < REPETITIONS; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / REPETITIONS;
}
