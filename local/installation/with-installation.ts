import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { upgradeDatabase } from '../backup/upgrade.ts';
import { warn } from '../terminal/exit.ts';
import {
  type ChosenData,
  type DataOptions,
  databaseOf,
  REAL_DATABASE,
  readChoice,
  rememberChoice,
} from './chosen-data.ts';
import { assertHolds, dataLine, decideOrigin, readOrigin, shownFolder } from './data-origin.ts';
import { NoDatabaseError } from './database-server.ts';
import { type Installation, openInstallation, withLogin } from './installation.ts';

/**
 * The use that a command makes of a database. `read` needs one that exists. `create` makes a missing one. `fill` makes a
 * missing one, and adds instruments by which it holds real data.
 */
export type Use = 'read' | 'create' | 'fill';

/** How a command uses its installation. */
export interface CommandUse {
  /** By default `read`. */
  use?: Use | undefined;
  /** Whether pending migrations are applied first; the default. */
  migrates?: boolean | undefined;
  /** A backup is written, and pending migrations are not applied. */
  isBackup?: boolean | undefined;
}

/**
 * Opens the installation that a command's options name, prints its data on standard error, runs the work, and closes
 * the installation. Every command acts on the same data by default: those that the installation is for.
 *
 * @throws BadInputError if the options name no data, or the server in DATABASE_URL holds others
 * @throws BoursomaticError (`no_data`) if the command reads and there are no data yet
 */
export async function withInstallation<T>(
  options: DataOptions,
  { use = 'read', isBackup = false, migrates = !isBackup }: CommandUse,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const databaseUrl = process.env.DATABASE_URL;
  if (databaseUrl && options.database !== undefined)
    throw new BadInputError(
      '--database is for the embedded server, and DATABASE_URL is set: omit one of them',
    );
  const chosen = databaseOf(options, use === 'fill' ? 'real' : 'sample');
  const { dataDir, database } = chosen;
  const installation = await openInstallation({
    dataDir,
    database,
    // Earlier versions filled it without a choice.
    preferred: chosen.isUndecided ? REAL_DATABASE : undefined,
    databaseUrl,
    mustExist: use === 'read',
    transfer: isBackup ? 'backup' : undefined,
  }).catch((error) => {
    throw error instanceof NoDatabaseError ? noData(chosen, databaseUrl !== undefined, error.others) : error;
  });
  try {
    if (migrates) await upgradeDatabase(installation, { say: warn });
    const data = await dataOf(installation, chosen, { use, migrates });
    // The user has named this database.
    if (data !== 'named') warn(dataLine(data, installation));
    const result = await work(installation);
    if (use === 'fill' && chosen.isUndecided && !readChoice(dataDir))
      await rememberChoice(dataDir, { data: 'real' });
    return result;
  } finally {
    await installation.close();
  }
}

/** Compares the choice with the data in the database. An undecided folder takes those that are there. */
async function dataOf(
  installation: Installation,
  chosen: ChosenData,
  { use, migrates }: { use: Use; migrates: boolean },
): Promise<ChosenData['data']> {
  const { data, isUndecided } = chosen;
  if (data === 'named') return data;
  const isPreferred = !process.env.DATABASE_URL && installation.database !== chosen.database;
  if (isPreferred) return 'real';
  return withLogin(installation, 'migrator', async (sql) => {
    if (use === 'fill') await decideOrigin(sql, data, installation.place);
    const origin = await readOrigin(sql);
    // Without a migration, the command accepts either kind of data.
    if (origin && (!migrates || (isUndecided && use !== 'fill'))) return origin;
    assertHolds(data, origin, installation.place);
    return data;
  });
}

function noData(
  { data, dataDir, database }: ChosenData,
  isGiven: boolean,
  others: readonly string[],
): BoursomaticError {
  const folder = shownFolder(dataDir);
  if (isGiven)
    return new BoursomaticError(
      'no_data',
      'there is no data in the database of DATABASE_URL yet: run npm start first',
    );
  if (data === 'named') {
    const list = others.length > 0 ? `it has ${others.join(', ')}` : 'npm start creates the first one';
    return new BoursomaticError('no_data', `there is no database ${database} in ${folder}: ${list}`);
  }
  return new BoursomaticError(
    'no_data',
    data === 'real'
      ? `there is no real data in ${folder} yet: start with npm start -- --provider yahoo, or use --sample`
      : `there is no data in ${folder} yet: run npm start for the sample, or npm start -- --provider yahoo for real data`,
  );
}
