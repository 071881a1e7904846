import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Activation, promote, rollback } from '../../functions/infer/registry.ts';
import { list, show } from '../../functions/infer/versions.ts';
import { BadInputError, ModelError } from '../../functions/shared/errors.ts';
import type { Installation } from '../installation/installation.ts';
import { type Answer, runProgram } from '../installation/installation-program.ts';
import { assertScores, installRelease, openRelease, releaseStore } from '../installation/release.ts';
import { exitOnError } from '../terminal/exit.ts';
import { registrationText, versionsText, versionText } from './model-tables.ts';

const HELP = `Usage: npm run model -- COMMAND [options]

  list                     the registered versions, and what the gate says of each
  register DIR             verify a release folder, copy it and register it; it becomes active only where no
                           model ever was, and if it passes the gate
  promote VERSION          make a registered version the active one, if it passes the gate
  rollback [VERSION]       go back to the version that the active one replaced, or to VERSION if it was active
  show VERSION             what is known of a version, and what was done with it

  --force REASON    promote a version that fails the gate; the reason is written down
  --json            end stdout with one JSON value
  --data-dir DIR    where the embedded server's data is (default .boursomatic)
  --database NAME   database of the embedded server (default boursomatic_sample)
  --help            this text

DATABASE_URL names another server. A running npm start is joined, not disturbed: it scores with the new active
version from its next run on. Pending migrations are applied. Exit 1: refused or failed; 2: bad input.
`;

async function register(installation: Installation, directory: string): Promise<Answer> {
  const registration = await refusingRelease(async () => {
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
      throw new BadInputError(`register: ${directory} is not a folder`);
    const folder = pathToFileURL(`${resolve(directory)}/`);
    await assertScores(await openRelease(folder));
    return installRelease(installation, folder, { first: 'passing' });
  });
  return { text: registrationText(registration), value: registration };
}

/** What is wrong with a release that somebody names is bad input, and no failure of what is installed. */
async function refusingRelease<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfFile = error instanceof Error && 'syscall' in error && 'path' in error;
    if (!(error instanceof ModelError) && !isOfFile) throw error;
    throw new BadInputError(error.message, { cause: error });
  }
}

function activated(activation: Activation): Answer {
  const { version, previous, changed } = activation;
  const instead = previous ? ` instead of ${previous}` : '';
  return { text: `model ${version} is active${changed ? instead : ' already'}`, value: activation };
}

function readVersion(command: string, given: string | undefined): string {
  if (given !== undefined && /^v\d+\.\d+\.\d+$/.test(given)) return given;
  throw new BadInputError(`model ${command}: "${given}" is not a version such as v1.2.3`);
}

await exitOnError(() =>
  runProgram({
    name: 'model',
    help: HELP,
    database: 'boursomatic_sample',
    role: 'training',
    options: { force: { type: 'string', with: 'promote' } },
    commands: {
      list: {
        read: () => async (sql) => {
          const versions = await list(sql);
          return { text: versionsText(versions), value: versions };
        },
      },
      register: {
        needs: 'a DIR',
        read:
          ([directory = '']) =>
          (_sql, installation) =>
            register(installation, directory),
      },
      promote: {
        needs: 'a VERSION',
        read: ([given], { force }) => {
          const version = readVersion('promote', given);
          if (force?.trim() === '') throw new BadInputError('--force: needs a reason');
          return async (sql, installation) =>
            activated(await promote(sql, releaseStore(installation), version, { force }));
        },
      },
      rollback: {
        most: 1,
        read: ([given]) => {
          const version = given === undefined ? undefined : readVersion('rollback', given);
          return async (sql, installation) =>
            activated(await rollback(sql, releaseStore(installation), version));
        },
      },
      show: {
        needs: 'a VERSION',
        read: ([given]) => {
          const version = readVersion('show', given);
          return async (sql) => {
            const found = await show(sql, version);
            return { text: versionText(found), value: found };
          };
        },
      },
    },
  }),
);
