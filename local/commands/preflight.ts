import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { refusedSetting } from '../../lib/settings-context.ts';
import { STAGE, type Stage } from '../../lib/settings-schema.ts';
import { describeOverrides } from '../../lib/stage-file.ts';
import { makeClients, readRegion } from '../preflight/clients.ts';
import type { Finding } from '../preflight/findings.ts';
import { makeTarget, preflight } from '../preflight/preflight.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { counted, paragraph } from '../terminal/paragraph.ts';

const HELP = `Usage: npm run preflight -- --stage STAGE [options]

Compares stages/STAGE.json with an AWS account, before a deployment: quotas, the account's plan, what the region sells,
the CDK's bootstrap stack, and changes that AWS would refuse or that would lose data. It only reads. Exits 1 if
it finds a problem. If the credentials lack a permission, the check is unknown, and the other checks still run.

  --stage STAGE             dev, staging or prod
  -c, --context KEY=VALUE   a setting in place of the one in the file, as in cdk deploy; may be repeated
  --json                    also print the findings as JSON, on the last line
  -h, --help                print this text

Credentials and region come from the environment: AWS_PROFILE, AWS_REGION and the like.
`;

const WORDS: Record<Finding['verdict'], string> = {
  ok: 'ok',
  problem: 'PROBLEM',
  note: 'note',
  unknown: 'unknown',
};

async function main(): Promise<void> {
  const { values } = readCommandLine({
    options: {
      stage: { type: 'string' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      ...HELP_OPTION,
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.stage === undefined) throw new BadInputError('name the stage: --stage dev, staging or prod');
  const stage = parseStage(values.stage);
  const given = new Map(values.context.map(readPair));
  const other = given.get('stage') ?? stage;
  if (other !== stage) throw new BadInputError(`-c stage=${other} does not go with --stage ${stage}`);
  const context = { ...Object.fromEntries(given), stage };
  const region = await readRegion();
  const { target, overrides } = makeTarget(context, region);
  if (overrides.length > 0) process.stderr.write(`${describeOverrides(stage, overrides)}\n`);
  const findings: Finding[] = [];
  for await (const finding of preflight(target, makeClients(region))) {
    findings.push(finding);
    process.stdout.write(`${lineOf(finding)}\n`);
  }
  const count = (verdict: Finding['verdict']) => findings.filter((one) => one.verdict === verdict).length;
  const unknown = count('unknown');
  const outcome = count('problem') > 0 ? 'There are problems' : 'There are no problems';
  process.stdout.write(
    `${outcome}${unknown > 0 ? `, and ${counted(unknown, 'check')} could not run` : ''}.\n`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify({ stage, region, findings })}\n`);
  if (count('problem') > 0) {
    throw new BoursomaticError(
      'preflight',
      `found ${counted(count('problem'), 'problem')}: correct ${count('problem') === 1 ? 'it' : 'them'} before you deploy`,
    );
  }
}

function lineOf({ check, verdict, answer, remedy }: Finding): string {
  const line = paragraph(`${WORDS[verdict].padEnd(8)}${check}: ${answer}`, 0, 8);
  return remedy === undefined ? line : `${line}\n${paragraph(remedy, 8)}`;
}

/** The stage, checked before the region, which only the checks need. */
function parseStage(given: string): Stage {
  const { data, error } = STAGE.safeParse(given);
  if (!error) return data;
  throw new BadInputError(refusedSetting('stage', given, error).message);
}

function readPair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new BadInputError(`--context "${text}" is not KEY=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

await exitOnError(main);
