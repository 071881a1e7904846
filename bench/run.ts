import { BadInputError } from '../functions/shared/errors.ts';
import { chooseCommand, HELP_OPTION, readCommandLine } from '../local/terminal/command-line.ts';
import { exitOnError } from '../local/terminal/exit.ts';
import { paragraph } from '../local/terminal/paragraph.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { recordResult } from './page.ts';
import { SOAK_SECONDS } from './soak.ts';
import { ALL_SIZES, DEFAULT_SIZES } from './universe.ts';

const HELP = `Usage: npm run bench -- NAME... [options]
       npm run bench -- all [options]

Runs benchmarks. Each compares the project with a peer or a limit in the same run, because ratios depend less on
the machine than times do. \`all\` runs every benchmark and writes the figures of docs/benchmarks.md.

${Object.entries(BENCHMARKS)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${paragraph(about, 12).trimStart()}`)
  .join('\n')}

  --bars FILE  bars for backfill, ingest and reference, which need them, as for npm start
  --sizes N,N  numbers of instruments for universe, ascending (default ${DEFAULT_SIZES.join()}; with all
               ${ALL_SIZES.join()}). Eight years of 1000 instruments take 2.5 GB of disk.
  --years N    years of their bars, 2 to 20 (default 8)
  --record     write the figures to docs/benchmarks.md, as \`all\` does
  --seconds N  how long soak lasts (default ${SOAK_SECONDS})
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
      record: { type: 'boolean' },
      seconds: { type: 'string' },
      ...HELP_OPTION,
    },
  });
  if (values.help || positionals.length === 0) {
    process.stdout.write(HELP);
    return;
  }
  const all = positionals.includes('all');
  const names = all ? Object.keys(BENCHMARKS) : positionals;
  const chosen = names.map((name) => ({ name, ...chooseCommand('bench', BENCHMARKS, name) }));
  const { bars = '' } = values;
  const universe = {
    sizes: readSizes(values.sizes, all ? ALL_SIZES : DEFAULT_SIZES),
    years: readYears(values.years),
  };
  const waiting = chosen.find(({ needsBars }) => needsBars);
  if (waiting && bars === '') throw new BadInputError(`bench ${waiting.name} needs --bars FILE`);
  const seconds = Number(values.seconds ?? SOAK_SECONDS);
  if (!Number.isInteger(seconds) || seconds < 10)
    throw new BadInputError('--seconds is not a whole number of at least 10');
  for (const { name, run } of chosen) {
    const figures = await run({ bars, seconds, universe });
    if (all || values.record) recordResult(name, figures);
    for (const [figure, value] of Object.entries(figures))
      process.stdout.write(`${name}.${figure} ${value}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  }
}

/** @throws BadInputError unless they are two or more whole numbers in ascending order */
function readSizes(text: string | undefined, standard: readonly number[]): readonly number[] {
  if (text === undefined) return standard;
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
