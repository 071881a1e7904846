import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { providerNames } from '../../functions/ingest/providers/choice.ts';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { ADDERS } from '../../functions/shared/constants.ts';
import { BadInputError, ConfigurationError } from '../../functions/shared/errors.ts';
import { Benchmark } from '../../functions/shared/fields.ts';
import { dataFolder } from './data-folder.ts';
import { replaceFile } from './local-secrets.ts';

/** The database of the bundled sample in the embedded server. */
export const SAMPLE_DATABASE = 'boursomatic_sample';

/** The database of all vendors in the embedded server. */
export const REAL_DATABASE = 'boursomatic';

const LIMIT_RULE = 'must be a whole number from 0 to 100000';

/** The most stocks that users may add. A text on the command line, a number in the file. */
export const AddedLimit = z
  .union(
    [
      z.int(),
      z
        .string()
        .regex(/^\d{1,6}$/)
        .transform(Number),
    ],
    LIMIT_RULE,
  )
  .pipe(z.int().min(0, LIMIT_RULE).max(100_000, LIMIT_RULE));

/** The options of `npm start` that a start without a provider repeats. Other keys are refused. */
const Start = z.strictObject({
  /** In failover order, such as `yahoo,stooq`. */
  provider: z.string().pipe(providerNames(PROVIDERS)),
  reference: z.string().min(1).optional(),
  benchmark: Benchmark.optional(),
  /** When daily runs are made, as `--schedule` takes it. */
  schedule: z.string().min(1).optional(),
  intraday: z.enum(['on', 'off']).optional(),
  retrain: z.enum(['weekly', 'off']).optional(),
  backup: z.enum(['nightly', 'off']).optional(),
  'add-stocks': z.enum(ADDERS).optional(),
  'most-added': AddedLimit.optional(),
});

const Choice = z.strictObject({ data: z.enum(['real', 'sample']), start: Start.optional() });

/** The data that an installation is for, and the options that its starts repeat. */
export type Choice = z.output<typeof Choice>;

/** The file in the data folder. */
const FILE = 'installation.json';

/**
 * Reads the data that an installation is for.
 *
 * @returns undefined for an installation without a choice: it acts on the sample
 * @throws ConfigurationError if the file is damaged or has an unknown key; the message says what to do
 */
export function readChoice(dataDir: string): Choice | undefined {
  const path = join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
      return undefined;
    throw error;
  }
  const parsed = Choice.safeParse(asJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
  const fault = unknown ? `has keys that this version does not know (${unknown})` : 'is damaged';
  throw new ConfigurationError(
    `${path} ${fault}: restore it from a backup, or remove it and repeat npm start -- --provider NAME; the databases keep all data`,
  );
}

/**
 * Stores the data that an installation is for. The file is replaced as a whole, and only its owner can read it.
 *
 * @param dataDir - an existing data folder
 */
export async function rememberChoice(dataDir: string, { data, start }: Choice): Promise<void> {
  const provider = start?.provider.join();
  const file = { data, ...(start && { start: { ...start, provider } }) };
  await replaceFile(join(dataDir, FILE), `${JSON.stringify(file, undefined, 2)}\n`);
}

/** The options by which a command names the data that it works on. */
export const DATA_OPTIONS = {
  'data-dir': { type: 'string' },
  /** The database in the embedded server, instead of the installation's own. */
  database: { type: 'string' },
  sample: { type: 'boolean' },
} as const;

/** The values of {@link DATA_OPTIONS}. */
export interface DataOptions {
  'data-dir'?: string | undefined;
  database?: string | undefined;
  sample?: boolean | undefined;
}

/** The lines of a command's usage text for {@link DATA_OPTIONS}. */
export const DATA_HELP = `  --data-dir DIR    data folder of the installation (default .boursomatic)
  --sample          act on the bundled sample (default: real data once npm start has used a vendor, else the sample)
  --database NAME   act on another database of the embedded server, such as that of a bars file`;

/** The data folder and the database of a command. */
export interface ChosenData {
  dataDir: string;
  /** The database in the embedded server. */
  database: string;
  /** `named` for a database that `--database` names. */
  data: 'real' | 'sample' | 'named';
  /** Whether the installation has no choice yet, and the options name none. */
  isUndecided: boolean;
}

/**
 * Finds the data that a command works on: those that its options name, else those of the installation.
 *
 * @param otherwise - the data for an installation without a choice
 * @throws BadInputError for `--sample` with `--database`, or an empty `--data-dir`
 * @throws ConfigurationError if the installation's file is damaged
 */
export function databaseOf(
  { 'data-dir': folder, database, sample = false }: DataOptions,
  otherwise: Choice['data'] = 'sample',
): ChosenData {
  const dataDir = dataFolder(folder);
  if (sample && database !== undefined)
    throw new BadInputError(`--sample does not go with --database: the sample is in ${SAMPLE_DATABASE}`);
  if (database !== undefined) return { dataDir, database, data: 'named', isUndecided: false };
  const choice = sample ? undefined : readChoice(dataDir);
  const data = sample ? 'sample' : (choice?.data ?? otherwise);
  return {
    dataDir,
    database: data === 'real' ? REAL_DATABASE : SAMPLE_DATABASE,
    data,
    isUndecided: !sample && !choice,
  };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
