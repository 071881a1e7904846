import { benchApi } from './api.ts';
import { benchBackfill } from './backfill.ts';
import { benchBackup } from './backup.ts';
import { benchChecks } from './checks.ts';
import { benchColdstart } from './coldstart.ts';
import { benchFeatures } from './features.ts';
import { benchIngest } from './ingest.ts';
import { benchReference } from './reference.ts';
import { benchScore } from './score.ts';
import { benchSoak } from './soak.ts';
import { benchTrackRecord } from './track-record.ts';
import { benchUniverse } from './universe.ts';

/** Results of a benchmark by name, the ratios first. */
export type Figures = Record<string, number>;

/** A figure on the page of benchmarks. */
export interface PageRow {
  /** The name of the figure. */
  figure: string;
  measured: string;
  /** The peer or the limit that it is compared with. */
  against: string;
  unit: 'times' | 'share' | 's' | 'ms' | 'MB' | 'bytes';
  /** What the project aims at, such as "at most 1.3". */
  goal?: string;
}

export interface Benchmark {
  about: string;
  /** Whether it measures the file of `--bars`. */
  needsBars?: boolean;
  /** Its figures on docs/benchmarks.md. `--json` prints all others too. */
  page: readonly PageRow[];
  run: (options: BenchOptions) => Promise<Figures>;
}

export interface BenchOptions {
  /** Path of the bars; empty without `--bars`. */
  bars: string;
  /** How long the soak lasts. */
  seconds: number;
  /** The universes to simulate. */
  universe: { sizes: readonly number[]; years: number | undefined };
}

/** Every benchmark. To add one, add an entry here; the command, `all` and the page follow. */
export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  api: {
    about:
      'Serves the list over a million recommendations, and compares it with its bare SQL (vsSql, lower is better) and ' +
      'with Fastify and pg (vsFastify, higher is better).',
    page: [
      {
        figure: 'vsSql',
        measured: 'p99 latency of a list over a million recommendations',
        against: 'its SQL alone through the same driver',
        unit: 'times',
        goal: 'at most 1.3',
      },
      {
        figure: 'vsFastify',
        measured: 'lists per second on one core',
        against: 'Fastify with pg: same token, queries and JSON',
        unit: 'times',
      },
      {
        figure: 'vsFastifyPrepared',
        measured: 'lists per second on one core',
        against: 'Fastify with pg and prepared statements',
        unit: 'times',
        goal: 'at least 2',
      },
      {
        figure: 'detailVsSql',
        measured: 'p99 latency of a recommendation with its inputs, model and outcome',
        against: 'its SQL alone through the same driver',
        unit: 'times',
        goal: 'at most 1.3',
      },
      {
        figure: 'detailVsFastifyPrepared',
        measured: 'such recommendations per second on one core',
        against: 'Fastify with pg and prepared statements',
        unit: 'times',
        goal: 'at least 2',
      },
    ],
    run: benchApi,
  },
  backfill: {
    about:
      'Runs a backfill of --bars from the file to published calls, and compares the time with one COPY of the rows ' +
      'that it stores (ratio, lower is better).',
    needsBars: true,
    page: [
      {
        figure: 'ratio',
        measured: 'a backfill of `--bars`, from the file to published calls',
        against: 'one bare `COPY` of the rows that it stores',
        unit: 'times',
        goal: 'at most 1.2',
      },
      { figure: 'seconds', measured: 'the same backfill', against: '', unit: 's' },
      { figure: 'bytes', measured: 'the bars and features that it stores', against: '', unit: 'bytes' },
      { figure: 'peakMb', measured: 'its peak memory, without the database', against: '', unit: 'MB' },
    ],
    run: ({ bars }) => benchBackfill(bars),
  },
  backup: {
    about:
      'Backs up a database of four million rows, and restores it. Compares both with a bare COPY of the large tables ' +
      '(backupVsCopy, restoreVsCopy, lower is better).',
    page: [
      {
        figure: 'backupVsCopy',
        measured: 'a backup of four million rows, compressed and on disk',
        against: 'a bare COPY of the large tables, whose rows are discarded',
        unit: 'times',
      },
      {
        figure: 'restoreVsCopy',
        measured: 'its restore, with all checks',
        against: 'a bare COPY of the large tables from database to database',
        unit: 'times',
      },
      { figure: 'restorePeakMb', measured: 'peak memory of backup and restore', against: '', unit: 'MB' },
    ],
    run: benchBackup,
  },
  checks: {
    about:
      'Checks dividends and splits of invented series: recall is the share of the faulty ones in doubt (higher is ' +
      'better), falseAlarms that of the clean ones (lower is better).',
    page: [
      {
        figure: 'recall',
        measured: 'faulty dividends and splits in doubt',
        against: '800 faulty invented series',
        unit: 'share',
      },
      {
        figure: 'falseAlarms',
        measured: 'sound dividends and splits in doubt',
        against: '400 clean invented series',
        unit: 'share',
      },
    ],
    run: benchChecks,
  },
  coldstart: {
    about:
      "Imports each API function's bundle in fresh processes, and compares the slowest with its libraries alone " +
      '(vsLibraries, lower is better). Ms is milliseconds, Kb is kilobytes.',
    page: [
      {
        figure: 'vsLibraries',
        measured: "import of the slowest API function's bundle, with its code cache",
        against: 'a bundle of Middy, zod, jose and postgres alone',
        unit: 'times',
        goal: 'at most 1.5',
      },
      {
        figure: 'vsLibrariesUncached',
        measured: 'the same import where V8 refuses the code cache',
        against: 'the same libraries',
        unit: 'times',
      },
      {
        figure: 'inferProcessorMs',
        measured: 'import of Infer and loading of its model, processor time',
        against: '',
        unit: 'ms',
        goal: 'at most 400',
      },
    ],
    run: benchColdstart,
  },
  features: {
    about:
      'Computes all features of the bundled sample, and compares the time with that of the five indicators of ' +
      'technicalindicators alone (ratio, lower is better). With python3, it also compares it with TA-Lib (vsTaLib).',
    page: [
      {
        figure: 'ratio',
        measured: 'all 34 features of every bar of the sample',
        against: 'technicalindicators, which computes only five indicators',
        unit: 'times',
        goal: 'at most 2',
      },
      {
        figure: 'sharedVsTaLib',
        measured: 'RSI, ATR, ADX, MACD and Bollinger bands',
        against: 'TA-Lib from Python',
        unit: 'times',
        goal: 'at most 2',
      },
      {
        figure: 'vsTaLib',
        measured: 'all 34 features',
        against: 'TA-Lib and numpy from Python',
        unit: 'times',
        goal: 'at most 3',
      },
    ],
    run: benchFeatures,
  },
  ingest: {
    about:
      'Loads the bars of --bars, and compares the time with a bare COPY of the same bars (ratio, lower is better).',
    needsBars: true,
    page: [
      {
        figure: 'ratio',
        measured: 'first load of `--bars`, four batches at once',
        against: 'one bare `COPY` of the same bars',
        unit: 'times',
      },
      {
        figure: 'serialRatio',
        measured: 'first load, one batch after another',
        against: 'the same `COPY`',
        unit: 'times',
      },
      {
        figure: 'againRatio',
        measured: 'a second load of the same bars',
        against: 'the first load',
        unit: 'times',
      },
      { figure: 'dailySeconds', measured: 'fetch and load of a daily run', against: '', unit: 's' },
      {
        figure: 'memoryRatio',
        measured: 'peak memory for 5,000 simulated instruments',
        against: 'peak memory for 500',
        unit: 'times',
      },
    ],
    run: ({ bars }) => benchIngest(bars),
  },
  reference: {
    about:
      'Scores the stocks of --bars outside an even sample of 150 alone, against the universe of the sample, and compares ' +
      'them with their scores among all (rho, higher is better; differing is the share of moderate calls).',
    needsBars: true,
    page: [
      {
        figure: 'rho',
        measured: "Spearman's rho of scores against a sample of 150 stocks of `--bars`",
        against: 'the same among all stocks, 24 month ends',
        unit: 'share',
        goal: 'at least 0.95',
      },
      {
        figure: 'differing',
        measured: 'moderate calls that differ',
        against: 'the same',
        unit: 'share',
        goal: 'at most 0.05',
      },
    ],
    run: ({ bars }) => benchReference(bars),
  },
  score: {
    about:
      'Scores the calls of a day in a database with ten years of calls of 500 instruments and three profiles, and in one ' +
      'with a month of them (added is the difference in seconds, lower is better).',
    page: [
      {
        figure: 'added',
        measured: 'a daily Score with 3.8 million earlier calls',
        against: 'less that with a month of calls',
        unit: 's',
        goal: 'below 1',
      },
      {
        figure: 'addedByDividends',
        measured: 'the same on a day on which dividends restate 10 histories',
        against: 'less that with a month of calls',
        unit: 's',
        goal: 'below 1',
      },
      { figure: 'seconds', measured: 'a daily Score with 3.8 million earlier calls', against: '', unit: 's' },
      {
        figure: 'correctedSeconds',
        measured: 'the same if 10 histories are corrected from their first bar, with 75,000 scored calls',
        against: '',
        unit: 's',
      },
    ],
    run: benchScore,
  },
  soak: {
    about:
      'Sends a new server 100 requests a second for --seconds, while a run is published every ten seconds ' +
      '(mbPerMinute is the growth of its memory, lower is better).',
    page: [
      {
        figure: 'mbPerMinute',
        measured: "growth of the API's memory per minute, while runs publish",
        against: '100 requests a second for ten minutes',
        unit: 'MB',
        goal: 'about 0',
      },
    ],
    run: ({ seconds }) => benchSoak(seconds),
  },
  'track-record': {
    about:
      'Reads the track record of ten years of calls for 500 instruments, with its intervals. lambdaMs is the processor ' +
      "time at the share of a processor that the API's function has (lower is better).",
    page: [
      {
        figure: 'lambdaMs',
        measured: 'the track record of ten years with its intervals, without the database',
        against: "the share of a processor that the API's function has",
        unit: 'ms',
        goal: 'at most 1000',
      },
    ],
    run: benchTrackRecord,
  },
  universe: {
    about:
      'Backfills --years of simulated instruments and runs two days, for each of --sizes. Growths compare the ' +
      'largest size with the smallest (1 is linear, lower is better).',
    page: [
      {
        figure: 'dailySeconds500',
        measured: 'a daily run of 500 instruments',
        against: 'a provider that answers at once',
        unit: 's',
        goal: 'at most 5',
      },
      {
        figure: 'dailySeconds5000',
        measured: 'a daily run of 5,000 instruments (`--sizes 500,1000,2000,5000`)',
        against: 'a provider that answers at once',
        unit: 's',
        goal: 'at most 40',
      },
      {
        figure: 'backfillSeconds5000',
        measured: 'a backfill of eight years of 5,000 instruments',
        against: 'a provider that answers at once',
        unit: 's',
      },
      {
        figure: 'backfillPeakMb5000',
        measured: 'the peak memory of that backfill, without the database',
        against: '',
        unit: 'MB',
      },
      {
        figure: 'dailyGrowth',
        measured: 'growth of the processor time of a daily run, per growth of the universe',
        against: '1, which is linear',
        unit: 'times',
        goal: 'about 1',
      },
      {
        figure: 'backfillGrowth',
        measured: 'the same of a backfill of eight years',
        against: '1, which is linear',
        unit: 'times',
        goal: 'about 1',
      },
      {
        figure: 'memoryGrowth',
        measured: 'the same of the peak memory',
        against: '1, which is linear',
        unit: 'times',
      },
    ],
    run: ({ universe: { sizes, years } }) => benchUniverse(sizes, years),
  },
};
