import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeDifference } from '../../functions/publications/difference.ts';
import { readHead } from '../../functions/publications/stored.ts';
import { type ChainReport, verifyChain } from '../../functions/publications/verify.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import type { ObjectReader } from '../../functions/shared/object-store.ts';
import { openFirstVersions } from '../../functions/shared/objects.ts';
import { DATA_HELP } from '../installation/chosen-data.ts';
import type { Installation } from '../installation/installation.ts';
import { type Answer, runProgram } from '../installation/subcommands.ts';
import { exitOnError } from '../terminal/exit.ts';
import { counted } from '../terminal/paragraph.ts';
import { Progress } from '../terminal/progress.ts';

const HELP = `Usage: npm run ledger -- COMMAND [options]

  verify     recompute the hash of every publication from the first one, compare it with the stored hash and with the
             copy, and name the first difference
  head       print the number, time and hash of the newest publication, for example to timestamp it elsewhere

  --copies WHERE    with verify: a folder or s3://BUCKET with the copies (default: publications/DATABASE in the data
                    folder, if it exists)
  --json            end stdout with one JSON value
${DATA_HELP}
  -h, --help        print this text

Set DATABASE_URL to use another server. Pending migrations are applied first. The command works while npm start
runs. Exit codes: 1 the record differs, or the check failed; 2 bad input.
`;

async function verify(sql: Sql, copies: ObjectReader | undefined): Promise<Answer> {
  const progress = new Progress();
  const head = await readHead(sql);
  const report = await verifyChain(sql, copies, (id) =>
    progress.update(`Checked ${id} of ${counted(head?.id ?? id, 'publication')}`),
  );
  const { difference } = report;
  const text = summaryOf(report, copies !== undefined);
  if (!difference) return { text, value: report };
  const failure = new BoursomaticError('record_changed', `ledger: ${describeDifference(difference)}`);
  return { text, value: report, failure };
}

function summaryOf(report: ChainReport, hasCopies: boolean): string {
  const { publications, calls, copies, uncopied, uncovered, difference } = report;
  const checked = `${counted(publications, 'publication')} with ${counted(calls, 'call')}`;
  const lines = [
    difference
      ? `${checked} before the first difference: all hashes agree.`
      : `${checked}: all hashes agree.`,
    hasCopies
      ? `Copies that agree: ${copies.toLocaleString('en-GB')}.`
      : 'No copies were compared (--copies).',
  ];
  if (uncopied > 0) lines.push(`${counted(uncopied, 'publication')} without a copy: the next run makes it.`);
  if (uncovered > 0) lines.push(`${counted(uncovered, 'call')} from before the chain: no hash covers them.`);
  return lines.join('\n');
}

async function head(sql: Sql): Promise<Answer> {
  const newest = await readHead(sql);
  if (!newest) return { text: 'there are no publications yet', value: null };
  const { id, publishedAt, sha256 } = newest;
  return { text: `${id} ${publishedAt} ${sha256}`, value: { id, publishedAt, sha256 } };
}

/** The folder or bucket that the option names. */
async function readCopies(given: string): Promise<ObjectReader> {
  if (/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(given)) return openFirstVersions(given);
  if (given.startsWith('s3:'))
    throw new BadInputError(`--copies ${given} is not the URL of a bucket, such as s3://BUCKET`);
  if (!(await isFolder(given))) throw new BadInputError(`--copies ${given} is not a folder`);
  return openFolder(given);
}

/** The copies of an installation; undefined if it has none. */
async function ownCopies({ publications }: Installation): Promise<ObjectReader | undefined> {
  return (await isFolder(publications)) ? openFolder(publications) : undefined;
}

function openFolder(path: string): ObjectReader {
  return openFirstVersions(pathToFileURL(`${resolve(path)}/`).href);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

await exitOnError(() =>
  runProgram({
    name: 'ledger',
    help: HELP,
    role: 'pipeline',
    options: { copies: { type: 'string', with: 'verify' } },
    commands: {
      verify: {
        read: async (_operands, { copies }) => {
          const given = copies === undefined ? undefined : await readCopies(copies);
          return async (sql, installation) => verify(sql, given ?? (await ownCopies(installation)));
        },
      },
      head: { read: () => head },
    },
  }),
);
