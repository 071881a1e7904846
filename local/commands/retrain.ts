import { resolve } from 'node:path';
import { LEAST_TRAINING_DATA } from '../../functions/infer/trainable.ts';
import { DATE_FORMATS, type DateFormat } from '../../functions/ingest/bars-file/days.ts';
import { type PromotionResult, parse } from '../../functions/shared/contracts.ts';
import { closeDatabases } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { ModelVersionName } from '../../functions/shared/fields.ts';
import { DATA_HELP } from '../installation/chosen-data.ts';
import { withInstallation } from '../installation/with-installation.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { withBarsDatabase } from '../training/bars-database.ts';
import { describePromotion, type RetrainOptions, retrain } from '../training/retrain.ts';
import { assertReplaceable } from '../training/trainer.ts';
import { readTrainingOptions } from '../training/training-options.ts';

const HELP = `Usage: npm run retrain -- [options] [-- trainer options]

Runs the steps of the retraining state machine on this machine: trains on the installation's bars, registers the
release, and promotes it if it passes the gate. It needs bars of ${LEAST_TRAINING_DATA.instruments} instruments over ${LEAST_TRAINING_DATA.years} years, those of the
reference included. It works while npm start runs; the next run uses the promoted release. The release in models/ is
registered first, as with npm start. Exits 0 after registration, whether the release is promoted or not. Needs
python3 with pip.

  --bars FILE       train on daily bars of a file, in a database of their own: a CSV or Parquet file, a folder or a
                    zip (docs/providers.md, "Your own file")
  --membership FILE CSV file of each month's members: month,symbol,rank. Symbols of rank 1 to 1,000 are members
                    (default: every instrument, always)
  --date-format F   with --bars: order of dates such as 03/04/2015: ${DATE_FORMATS.join(', ')} (default: as the dates
                    show)
  --currency C      with --bars: currency of prices for which the file names none (default: USD)
  --version V       version of the release (default: the highest registered version plus one patch)
  --out DIR         also keep the release in this folder
${DATA_HELP}
  -h, --help        print this text

Options after a second -- go to the trainer (--seed, --work, ...).
`;

/** The parsed command line of `npm run retrain`. */
export interface RetrainCommand extends Omit<RetrainOptions, 'say'> {
  /** A file with bars; without it, those of the installation. */
  bars?: string | undefined;
  dateFormat: DateFormat | undefined;
  currency: string;
  dataDir: string;
  /** A database of the embedded server, instead of the installation's. */
  database?: string;
  sample?: boolean;
}

/**
 * Parses the command line of `npm run retrain`.
 *
 * @returns undefined for `--help`
 * @throws BadInputError that names the unknown, missing or malformed option
 */
export function readOptions(args: string[]): RetrainCommand | undefined {
  const { version, out, help, database, sample, ...rest } = readTrainingOptions(args);
  if (help) return undefined;
  if (out === '') throw new BadInputError('--out is empty');
  for (const [name, value] of Object.entries({ database, sample }))
    if (value !== undefined && rest.bars !== undefined)
      throw new BadInputError(`--${name} does not go with --bars: a file has a database of its own`);
  return {
    ...rest,
    version: version === undefined ? undefined : parse('--version', ModelVersionName, version),
    out: out && resolve(out),
    ...(database !== undefined && { database }),
    ...(sample !== undefined && { sample }),
  };
}

async function main(): Promise<void> {
  const command = readOptions(process.argv.slice(2));
  if (!command) {
    process.stdout.write(HELP);
    return;
  }
  if (command.out) assertReplaceable(command.out);
  process.env.LOG_LEVEL ??= 'warn';
  const progress = new Progress();
  const { bars, version, out, trainer } = command;
  const options: RetrainOptions = { version, out, trainer, say: (line) => progress.line(line) };
  const verdict =
    bars === undefined
      ? await retrainInPlace(command, options)
      : await withBarsDatabase({ ...command, bars }, progress, async ({ installation, load }) => {
          await load();
          return retrain(installation, options);
        });
  process.stdout.write(`${describePromotion(verdict)}\n`);
}

async function retrainInPlace(
  { dataDir, database, sample }: RetrainCommand,
  options: RetrainOptions,
): Promise<PromotionResult> {
  return withInstallation({ 'data-dir': dataDir, database, sample }, {}, async (installation) => {
    try {
      return await retrain(installation, options);
    } finally {
      await closeDatabases();
    }
  });
}

if (import.meta.main) await exitOnError(main);
