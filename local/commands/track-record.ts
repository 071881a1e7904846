import * as z from 'zod';
import { ApiError } from '../../functions/api/core/problem.ts';
import { trackRecordCsv } from '../../functions/api/recommendations/export-track-record.ts';
import { readTrackRecord } from '../../functions/api/recommendations/read-track-record.ts';
import { type TrackRecord, TrackRecordQuery } from '../../functions/api/recommendations/track-record.ts';
import { CALL_KINDS } from '../../functions/shared/call-kinds.ts';
import { PROFILES } from '../../functions/shared/constants.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { DATA_HELP, DATA_OPTIONS } from '../installation/chosen-data.ts';
import { type Installation, withLogin } from '../installation/installation.ts';
import { withInstallation } from '../installation/with-installation.ts';
import { trackRecordText } from '../reports/track-record-report.ts';
import { checkOptions, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run track-record -- [options]

Prints how good earlier calls were, compared with the average stock, a benchmark and a momentum list. Intervals are
95% intervals.

  --from DAY        first day of the calls, YYYY-MM-DD (default: the oldest)
  --to DAY          last day of the calls (default: the newest)
  --profile NAME    ${PROFILES.join(', ')} (default: all)
  --model VERSION   calls of this model version (default: all)
  --kind KIND       ${CALL_KINDS.join(', ')} (default: live)
  --csv             print only the results by profile and call, as CSV
  --json            end stdout with one JSON object
${DATA_HELP}
  -h, --help        print this text

Set DATABASE_URL to use another server. Pending migrations are applied first. Exit codes: 1 failed, 2 bad input.
`;

const Options = z.object({
  ...TrackRecordQuery.shape,
  csv: z.boolean().default(false),
  json: z.boolean().default(false),
});

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = readCommandLine({
    options: {
      from: text,
      to: text,
      profile: text,
      model: text,
      kind: text,
      csv: flag,
      json: flag,
      ...DATA_OPTIONS,
      ...HELP_OPTION,
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { csv, json, ...query } = checkOptions(Options, values);
  if (csv && json) throw new BadInputError('--csv does not go with --json');
  process.env.LOG_LEVEL ??= 'warn';
  const record = await withInstallation(values, {}, (installation) => read(installation, query));
  process.stdout.write(csv ? trackRecordCsv(record) : `${trackRecordText(record).trimEnd()}\n`);
  if (json) process.stdout.write(`${JSON.stringify(record)}\n`);
}

async function read(installation: Installation, query: TrackRecordQuery): Promise<TrackRecord> {
  return withLogin(installation, 'api', (sql) =>
    readTrackRecord(sql, query, { now: new Date(), notice: null }),
  ).catch((error) => {
    throw error instanceof ApiError ? new BadInputError(error.message, { cause: error }) : error;
  });
}

await exitOnError(main);
