import { z } from 'zod';
import { checkSnapshot } from '../../functions/features/snapshot-check.ts';
import { loadModel } from '../../functions/infer/load-model.ts';
import { readCall, replay, universeDayOf } from '../../functions/infer/replay.ts';
import { replayCalls, type Suspect } from '../../functions/infer/replay-calls.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { Day } from '../../functions/shared/fields.ts';
import type { ObjectStore } from '../../functions/shared/object-store.ts';
import { DATA_HELP, DATA_OPTIONS } from '../installation/chosen-data.ts';
import { withLogin } from '../installation/installation.ts';
import { releaseStore } from '../installation/release-folder.ts';
import { withInstallation } from '../installation/with-installation.ts';
import { replayCountsText, replayText } from '../reports/replay-report.ts';
import { checkOptions, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { counted } from '../terminal/paragraph.ts';
import { Progress } from '../terminal/progress.ts';

const HELP = `Usage: npm run replay -- ID [options]
       npm run replay -- --all [--day DAY] [options]

Recomputes a published call from its stored inputs, with the release of the model that made it, and compares every
value to the bit. With an ID, also recomputes the inputs from the bars as they were when the call was published.

  ID                the id of a call, from the API or the page's address
  --all             replay every call, without the bars
  --day DAY         with --all: only calls of this day, YYYY-MM-DD
  --json            end stdout with one JSON object
${DATA_HELP}
  -h, --help        print this text

Set DATABASE_URL to use another server. Pending migrations are applied first. Exit codes: 0 equal, 1 different or not
replayable, 2 bad input.
`;

const Options = z.object({
  help: z.boolean().default(false),
  json: z.boolean().default(false),
  all: z.boolean().default(false),
  day: Day.optional(),
  'data-dir': z.string().optional(),
  database: z.string().optional(),
  sample: z.boolean().optional(),
});
type Options = z.output<typeof Options> & { id: string | undefined };

/** @returns undefined for `--help` */
function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = readCommandLine({
    allowPositionals: true,
    options: { ...HELP_OPTION, json: flag, all: flag, day: text, ...DATA_OPTIONS },
  });
  const options = checkOptions(Options, values);
  if (options.help) return undefined;
  const [id, unexpected] = positionals;
  if (unexpected !== undefined) throw new BadInputError(`replay: unexpected argument "${unexpected}"`);
  if (options.all && id !== undefined) throw new BadInputError('replay: give an ID or --all, not both');
  if (!options.all && id === undefined) throw new BadInputError('replay needs the ID of a call, or --all');
  if (options.day !== undefined && !options.all) throw new BadInputError('--day goes only with --all');
  if (id !== undefined && !z.uuid().safeParse(id).success)
    throw new BadInputError(`replay: "${id}" is not the id of a call, which is a UUID`);
  return { ...options, id };
}

/** The result of the command, for people and for programs. */
interface Answer {
  text: string;
  value: unknown;
  isEqual: boolean;
}

async function replayOne(sql: Sql, releases: ObjectStore, id: string): Promise<Answer> {
  const call = await readCall(sql, id);
  if (!call) throw new BadInputError(`replay: there is no call ${id}`);
  const found = await replay(sql, call, (version) => loadModel(version, releases));
  const check = await checkSnapshot(sql, { ...call, universeDay: universeDayOf(call) });
  return {
    text: replayText(call, found, check),
    value: { ...found, snapshot: check },
    isEqual: found.isEqual && check.follows,
  };
}

/** Most calls that the table of suspects lists. */
const LISTED = 20;

async function replayAll(sql: Sql, releases: ObjectStore, day: string | undefined): Promise<Answer> {
  const progress = new Progress();
  const began = performance.now();
  const suspects: Suspect[] = [];
  const counts = await replayCalls(sql, (version) => loadModel(version, releases), {
    day,
    onCall: ({ calls }, suspect) => {
      if (suspect && suspects.length < LISTED) suspects.push(suspect);
      progress.update(`Replaying: ${counted(calls, 'call')}`);
    },
  });
  progress.line(
    `Replayed ${counted(counts.calls, 'call')} in ${((performance.now() - began) / 1000).toFixed(1)} s.`,
  );
  return {
    text: replayCountsText(counts, suspects),
    value: counts,
    isEqual: counts.equal === counts.calls,
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return void process.stdout.write(HELP);
  process.env.LOG_LEVEL ??= 'warn';
  const { id, day, json } = options;
  const { text, value, isEqual } = await withInstallation(options, {}, (installation) => {
    const releases = releaseStore(installation);
    return withLogin(installation, 'pipeline', (sql) =>
      id === undefined ? replayAll(sql, releases, day) : replayOne(sql, releases, id),
    );
  });
  process.stdout.write(`${text.trimEnd()}\n`);
  if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
  if (!isEqual) process.exitCode = 1;
}

await exitOnError(main);
