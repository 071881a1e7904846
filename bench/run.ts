import { BadInputError } from '../functions/shared/errors.ts';
import { chooseCommand, HELP_OPTION, readCommandLine } from '../local/terminal/command-line.ts';
import { exitOnError } from '../local/terminal/exit.ts';
import { paragraph } from '../local/terminal/paragraph.ts';
import { benchApi } from './api.ts';
import { benchBackfill } from './backfill.ts';
import { benchChecks } from './checks.ts';
import { benchColdstart } from './coldstart.ts';
import { benchFeatures } from './features.ts';
import { benchIngest } from './ingest.ts';
import { benchUniverse, DEFAULT_SIZES } from './universe.ts';

/** Results of a benchmark by name, the ratios first. */
export type Figures = Record<string, number>;

/** The universes to simulate. */
interface Universe {
  sizes: readonly number[];
  years: number | undefined;
}

interface Benchmark {
  about: string;
  /** Whether it measures the file of `--bars`. */
  needsBars?: boolean;
  run: (barsFile: string, universe: Universe) => Promise<Figures>;
}

const BENCHMARKS: Record<string, Benchmark> = {
  api: {
    about:
      'Serves the list over a million recommendations, and compares it with its bare SQL (vsSql, lower is better) and ' +
      'with Fastify and pg (vsFastify, higher is better).',
    run: benchApi,
  },
  checks: {
    about:
      'Checks dividends and splits of invented series: recall is the share of the faulty ones in doubt (higher is ' +
      'better), falseAlarms that of the clean ones (lower is better).',
    run: benchChecks,
  },
  backfill: {
    about:
      'Runs a backfill of --bars from the file to published calls, and compares the time with one COPY of the rows ' +
      'that it stores (ratio, lower is better).',
    needsBars: true,
    run: benchBackfill,
  },
  coldstart: {
    about:
      "Imports each API function's bundle in fresh processes, and compares the slowest with its libraries alone " +
      '(vsLibraries, lower is better). Ms is milliseconds, Kb is kilobytes.',
    run: benchColdstart,
  },
  features: {
    about:
      'Computes all features of the bundled sample, and compares the time with that of the five indicators of ' +
      'technicalindicators alone (ratio, lower is better).',
    run: benchFeatures,
  },
  ingest: {
    about:
      'Loads the bars of --bars, and compares the time with a bare COPY of the same bars (ratio, lower is better).',
    needsBars: true,
    run: benchIngest,
  },
  universe: {
    about:
      'Backfills --years of simulated instruments and runs two days, for each of --sizes. Growths compare the ' +
      'largest size with the smallest (1 is linear, lower is better).',
    run: (_, { sizes, years }) => benchUniverse(sizes, years),
  },
};

const HELP = `Usage: npm run bench -- NAME... [options]

Runs benchmarks. Each compares the project with a peer or a limit in the same run, because ratios depend less on
the machine than times do. docs/benchmarks.md has results.

${Object.entries(BENCHMARKS)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${paragraph(about, 12).trimStart()}`)
  .join('\n')}

  --bars FILE  bars for backfill and ingest, which need them, as for npm start
  --sizes N,N  numbers of instruments for universe, ascending (default ${DEFAULT_SIZES.join()}). Eight years of 1000
               instruments take 2.5 GB of disk.
  --years N    years of their bars, 2 to 20 (default 8)
  --json       after each benchmark, print one JSON object with its figures
  -h, --help   print this text
`;

async function main(): Promise<void> {
  const { values, positionals } = readCommandLine({
    allowPositionals: true,
    options: {
      bars: { type: 'string' },
      sizes: { type: 'string' },
      years: { type: 'string' },
      json: { type: 'boolean' },
      ...HELP_OPTION,
    },
  });
  if (values.help || positionals.length === 0) {
    process.stdout.write(HELP);
    return;
  }
  const chosen = positionals.map((name) => ({ name, ...chooseCommand('bench', BENCHMARKS, name) }));
  const { bars = '' } = values;
  const universe = { sizes: readSizes(values.sizes), years: readYears(values.years) };
  const waiting = chosen.find(({ needsBars }) => needsBars);
  if (waiting && bars === '') throw new BadInputError(`bench ${waiting.name} needs --bars FILE`);
  for (const { name, run } of chosen) {
    const figures = await run(bars, universe);
    for (const [figure, value] of Object.entries(figures))
      process.stdout.write(`${name}.${figure} ${value}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  }
}

/** @throws BadInputError unless they are two or more whole numbers in ascending order */
function readSizes(text: string | undefined): readonly number[] {
  if (text === undefined) return DEFAULT_SIZES;
  const sizes = text.split(',').map(Number);
  const isAscending = sizes.every((size, i) => Number.isInteger(size) && size > (sizes[i - 1] ?? 0));
  if (sizes.length < 2 || !isAscending)
    throw new BadInputError(
      `--sizes "${text}" is not two or more numbers in ascending order, such as 250,500`,
    );
  return sizes;
}

/** @throws BadInputError unless it is a whole number in the range that the help names */
function readYears(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const years = Number(text);
  if (!Number.isInteger(years) || years < 2 || years > 20)
    throw new BadInputError(`--years "${text}" is not a whole number from 2 to 20`);
  return years;
}

await exitOnError(main);
