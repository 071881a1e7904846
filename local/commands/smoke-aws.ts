import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { BadInputError } from '../../functions/shared/errors.ts';
import { readRegion } from '../preflight/clients.ts';
import { checkOptions, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { table } from '../terminal/table.ts';
import { smokeAws } from './smoke-aws-checks.ts';

const HELP = `Usage: npm run smoke:aws -- --stage STAGE [options]

After a deployment, runs the pipeline in the account for five instruments that the stage has, and reads their calls
through the API as a new user, whose account it deletes afterwards. A stage with fewer instruments gets examples, which
it deactivates afterwards. Exits 1 if a step fails.

  --stage STAGE      dev, staging or prod
  --url URL          address of the page and the API (default: the output PageUrl of the web stack)
  --timeout MINUTES  time for the run of the pipeline (default 30)
  --json             also print the calls as JSON, on the last line
  -h, --help         print this text

Credentials and region come from the environment: AWS_PROFILE, AWS_REGION and the like.
`;

const Options = z.object({
  stage: z.enum(['dev', 'staging', 'prod'], 'is not a stage: use dev, staging or prod'),
  url: z
    .url({ protocol: /^https?$/, error: 'is not an address such as https://bourse.example.com' })
    .optional(),
  timeout: z.coerce
    .number('is not a number of minutes')
    .positive('is not a number of minutes')
    .max(720, 'is above 720'),
  json: z.boolean(),
});

async function main(): Promise<void> {
  const { values } = readCommandLine({
    options: {
      stage: { type: 'string' },
      url: { type: 'string' },
      timeout: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
      ...HELP_OPTION,
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.stage === undefined) throw new BadInputError('name the stage: --stage dev, staging or prod');
  const { stage, url, timeout, json } = checkOptions(Options, values);
  const region = await readRegion();
  const progress = new Progress();
  const calls = await smokeAws(
    {
      cloudFormation: new CloudFormationClient({ region }),
      lambda: new LambdaClient({ region }),
      steps: new SFNClient({ region }),
    },
    {
      stage,
      ...(url !== undefined && { url }),
      pollMs: 3000,
      timeoutMs: timeout * 60_000,
      say: (line) => progress.line(line),
    },
  );
  process.stdout.write(
    `${table(calls.map(({ symbol, label, asOf }) => ({ Symbol: symbol, Call: label, 'As of': asOf })))}\n`,
  );
  if (json) process.stdout.write(`${JSON.stringify({ stage, calls })}\n`);
}

await exitOnError(main);
