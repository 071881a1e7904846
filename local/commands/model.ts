import { statSync } from 'node:fs';
import { type Activation, promote, rollback } from '../../functions/infer/registry.ts';
import { evidenceFrom } from '../../functions/infer/release-evidence.ts';
import { list, show } from '../../functions/infer/versions.ts';
import { BadInputError, ModelError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { DATA_HELP } from '../installation/chosen-data.ts';
import type { Installation } from '../installation/installation.ts';
import {
  assertScores,
  installRelease,
  openRelease,
  releaseFolder,
  releaseStore,
} from '../installation/release-folder.ts';
import { type Answer, runProgram } from '../installation/subcommands.ts';
import { registrationText, versionsText, versionText } from '../reports/model-report.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run model -- COMMAND [options]

  list                     list the registered versions and whether each passes the gate
  register DIR             verify a release folder, copy it and register it; the first model that passes the gate
                           becomes active
  promote VERSION          make a registered version active if it passes the gate
  rollback [VERSION]       activate the version before the active one, or VERSION if it was active before
  show VERSION             show a version's metrics, the gate's checks and its history

  --force REASON    with promote: promote a version that fails the gate; the reason is recorded
  --json            end stdout with one JSON value
${DATA_HELP}
  -h, --help        print this text

Set DATABASE_URL to use another server. Pending migrations are applied first. The command works while npm start
runs; the next run scores with the new active version. Exit codes: 1 refused or failed, 2 bad input.
`;

async function register(installation: Installation, directory: string): Promise<Answer> {
  const registration = await asBadInput(async () => {
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
      throw new BadInputError(`register: ${directory} is not a folder`);
    const folder = releaseFolder(directory);
    await assertScores(await openRelease(folder));
    return installRelease(installation, folder, { first: 'passing' });
  });
  return { text: registrationText(registration), value: registration };
}

/** Turns an error in the named release into bad input, because nothing installed has failed. */
async function asBadInput<T>(work: () => Promise<T>): Promise<T> {
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
  const replaced = previous ? ` instead of ${previous}` : '';
  const text = changed ? `model ${version} is active${replaced}` : `model ${version} is already active`;
  return { text, value: activation };
}

function readVersion(command: string, text: string | undefined): string {
  if (text !== undefined && /^v\d+\.\d+\.\d+$/.test(text)) return text;
  throw new BadInputError(`model ${command}: "${text}" is not a version such as v1.2.3`);
}

await exitOnError(() =>
  runProgram({
    name: 'model',
    help: HELP,
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
        use: 'create',
        needs: 'a DIR',
        read:
          ([directory]) =>
          (_sql, installation) =>
            register(installation, defined(directory, 'DIR')),
      },
      promote: {
        needs: 'a VERSION',
        read: ([operand], { force }) => {
          const version = readVersion('promote', operand);
          if (force?.trim() === '') throw new BadInputError('--force needs a reason');
          return async (sql, installation) => {
            const objects = releaseStore(installation);
            const evidence = evidenceFrom(objects);
            return activated(await promote(sql, objects, version, { force, evidence }));
          };
        },
      },
      rollback: {
        most: 1,
        read: ([operand]) => {
          const version = operand === undefined ? undefined : readVersion('rollback', operand);
          return async (sql, installation) =>
            activated(await rollback(sql, releaseStore(installation), version));
        },
      },
      show: {
        needs: 'a VERSION',
        read: ([operand]) => {
          const version = readVersion('show', operand);
          return async (sql) => {
            const found = await show(sql, version);
            return { text: versionText(found), value: found };
          };
        },
      },
    },
  }),
);
