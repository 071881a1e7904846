import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
} from '@aws-sdk/client-secrets-manager';
import { connect } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { parseDatabaseUrl } from '../../local/installation/database-url.ts';
import { readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { startMarket } from '../market/server.ts';
import { Cdk } from './cdk.ts';
import { type AwsClients, awsClients } from './clients.ts';
import { emulatorMarket } from './market.ts';
import { startMinistack } from './ministack.ts';
import { startPostgres } from './postgres.ts';
import { administered } from './steps/administer.ts';
import { compared, smokeTested } from './steps/commands.ts';
import { deployed, destroyed, unchanged } from './steps/deploy.ts';
import { attemptsCounted, pageServed } from './steps/page.ts';
import { readBack } from './steps/read.ts';
import { failureRecorded, redriven, stopRecorded } from './steps/redrive.ts';
import { restored } from './steps/restore.ts';
import { firstRun, publicationCopied, refusedInput } from './steps/run.ts';
import { runbook } from './steps/runbook.ts';
import { scheduled } from './steps/schedule.ts';
import type { Step, TestBed } from './test-bed.ts';

const HELP = `Usage: npm run test:emulator [-- options]

Deploys the stacks to an AWS emulator with plain cdk, runs every step of the runbook, and destroys the stacks. It starts
the emulator (ministack, from PyPI), a Postgres (from npm) and a market on loopback addresses.

  --endpoint URL   use a running emulator, such as LocalStack at http://localhost:4566. Set DATABASE_URL to a Postgres
                   that its functions can reach; the login must be allowed to create roles
  --host NAME      host name of this machine for the emulator's functions (default 127.0.0.1)
  --deploy-only    deploy and leave the stacks in place (needs --endpoint)
  --pipeline-only  deploy only the pipeline and its data, without the API and the page. LocalStack's free plan has
                   neither HTTP APIs nor CloudFront
  --help           print this text
`;

const LOOPBACK = '127.0.0.1';

/** The name of the secret with the database's login. */
const SECRET = 'boursomatic/external';

/** In this order: each step depends on the results of earlier steps. */
const STEPS: Step[] = [
  deployed,
  compared,
  firstRun,
  publicationCopied,
  readBack,
  smokeTested,
  pageServed,
  attemptsCounted,
  administered,
  refusedInput,
  scheduled,
  failureRecorded,
  stopRecorded,
  redriven,
  runbook,
  restored,
  unchanged,
  destroyed,
];

interface Options {
  endpoint?: string | undefined;
  host: string;
  'deploy-only': boolean;
  'pipeline-only': boolean;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return;
  if (options['deploy-only'] && !options.endpoint)
    throw new BadInputError(
      '--deploy-only needs --endpoint: an emulator that this command starts also stops with it',
    );
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-emulator-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const bed = await setUp(options, folder, (close) => closing.unshift(close));
    const possible = STEPS.filter(({ needsEdge }) => !needsEdge || !options['pipeline-only']);
    const steps = options['deploy-only'] ? [deployed] : possible;
    const notShown: string[] = [];
    for (const step of steps) {
      const began = performance.now();
      const result = await step.run(bed);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const isShown = typeof result === 'string';
      if (!isShown) notShown.push(step.title);
      process.stdout.write(
        `${isShown ? 'ok ' : 'NOT SHOWN'} ${step.title}\n    ${isShown ? result : result.reason} (${seconds} s)\n`,
      );
    }
    process.stdout.write(`${steps.length - notShown.length} steps passed, ${notShown.length} not shown\n`);
  } finally {
    for (const close of closing) await close();
  }
}

/** Starts the services that the steps use. */
async function setUp(
  options: Options,
  folder: string,
  later: (close: () => Promise<unknown>) => void,
): Promise<TestBed> {
  const login = await database(options, folder, later);
  const admin = connect(login);
  later(() => admin.end());
  const market = await startMarket({
    market: emulatorMarket(),
    // Containers of an emulator connect from another network.
    ...(options.host !== LOOPBACK && { host: '0.0.0.0' }),
  });
  later(() => market.close());
  const url = options.endpoint ?? (await ministack(later));
  const aws = awsClients(url);
  await pointAtDatabase(aws, login.host === LOOPBACK ? { ...login, host: options.host } : login);
  const context = {
    database: 'external',
    databaseSecret: SECRET,
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    // The market of these tests has stocks of its own, and no benchmark.
    reference: 'none',
    benchmark: 'none',
    // The emulator has no budgets.
    budget: 'off',
    // With --deploy-only, the stacks outlive this market.
    ...(!options['deploy-only'] && { yahooOrigin: originFor(market.origin, options.host) }),
  };
  const bed: TestBed = {
    url,
    aws,
    market,
    admin,
    isMinistack: (await fetch(`${url}/_ministack/health`)).ok,
    cdk: new Cdk(url, context, folder, options['pipeline-only'] ? ['boursomatic-dev-pipeline'] : ['--all']),
    outputs: {},
    output: (name) => {
      const found = Object.values(bed.outputs).find((outputs) => name in outputs)?.[name];
      if (!found) throw new BadInputError(`no stack has the output ${name}`);
      return found;
    },
  };
  return bed;
}

function originFor(origin: string, host: string): string {
  return `http://${host}:${new URL(origin).port}`;
}

/** Creates or updates the secret of the external database (docs/operations.md). */
async function pointAtDatabase(aws: AwsClients, login: DatabaseSecret): Promise<void> {
  const SecretString = JSON.stringify(login);
  try {
    await aws.secrets.send(new CreateSecretCommand({ Name: SECRET, SecretString }));
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
    await aws.secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString }));
  }
}

async function ministack(later: (close: () => Promise<unknown>) => void): Promise<string> {
  const emulator = await startMinistack(join('.cache', 'emulator-logs', 'ministack.log'));
  later(() => emulator.stop());
  return emulator.url;
}

async function database(
  { endpoint }: Options,
  folder: string,
  later: (close: () => Promise<unknown>) => void,
): Promise<DatabaseSecret & { sslmode: string }> {
  const given = process.env.DATABASE_URL;
  if (given) {
    const login = parseDatabaseUrl(given);
    return { ...login, sslmode: login.sslmode ?? 'verify-full' };
  }
  if (endpoint)
    throw new BadInputError(
      '--endpoint needs a database: set DATABASE_URL to a Postgres that the functions can reach',
    );
  const server = await startPostgres(join(folder, 'postgres'));
  later(() => server.stop());
  return server.login;
}

function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = readCommandLine({
    options: {
      endpoint: text,
      host: { ...text, default: '127.0.0.1' },
      'deploy-only': flag,
      'pipeline-only': flag,
      help: flag,
    },
  });
  if (!values.help) return values;
  process.stdout.write(HELP);
  return undefined;
}

await exitOnError(main);
