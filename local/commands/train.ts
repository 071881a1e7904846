import { resolve } from 'node:path';
import { DATE_FORMATS, type DateFormat } from '../../functions/ingest/bars-file/days.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { withBarsDatabase } from '../training/bars-database.ts';
import { assertReplaceable, trainInto } from '../training/trainer.ts';
import { readTrainingOptions } from '../training/training-options.ts';

const HELP = `Usage: npm run train -- --bars FILE --version V [options] [-- trainer options]

Loads the bars, computes features with the pipeline's own functions, trains on the view that inference reads,
and writes a release. Needs python3 with pip; the first run installs everything else.

  --bars FILE       daily bars: a CSV or Parquet file, a folder or a zip (docs/providers.md, "Your own file")
  --membership FILE CSV file of each month's members: month,symbol,rank. Symbols of rank 1 to 1,000 are members
                    (default: every instrument, always)
  --date-format F   order of dates such as 03/04/2015: ${DATE_FORMATS.join(', ')} (default: as the dates show)
  --currency C      currency of prices for which the file names none (default: USD)
  --version V       version of the release, such as v0.1.0
  --out DIR         folder that the release replaces (default models)
  --data-dir DIR    folder of the database and the raw records (default .boursomatic)
  -h, --help        print this text

Options after a second -- go to the trainer (--seed, --work, ...).
`;

interface TrainOptions {
  bars: string;
  dateFormat: DateFormat | undefined;
  currency: string;
  version: string;
  out: string;
  dataDir: string;
  trainer: string[];
}

/** @returns undefined for `--help` */
function readOptions(args: string[]): TrainOptions | undefined {
  const { bars, version, out = 'models', help, database, sample, ...rest } = readTrainingOptions(args);
  if (help) return undefined;
  for (const [name, value] of Object.entries({ database, sample }))
    if (value !== undefined) throw new BadInputError(`--${name} goes only with retrain`);
  if (!bars || !version) throw new BadInputError('train needs --bars FILE and --version V');
  return { ...rest, bars, version, out: resolve(out) };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(HELP);
    return;
  }
  assertReplaceable(options.out);
  const progress = new Progress();
  await withBarsDatabase(options, progress, async ({ installation, load }) => {
    await load();
    await trainInto(options.out, options, installation);
    progress.line(`Release ${options.version} is in ${options.out}`);
  });
}

await exitOnError(main);
