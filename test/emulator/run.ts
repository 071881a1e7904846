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
import { startMarket } from '../market/index.ts';
import { Cdk } from './cdk.ts';
import { type AwsClients, awsClients } from './clients.ts';
import { emulatorMarket } from './market.ts';
import { startMinistack } from './ministack.ts';
import { startPostgres } from './postgres.ts';
import type { Stand, Step } from './stand.ts';
import { administered } from './steps/administer.ts';
import { deployed, destroyed, unchanged } from './steps/deploy.ts';
import { attemptsCounted, pageServed } from './steps/page.ts';
import { readBack } from './steps/read.ts';
import { redriven } from './steps/redrive.ts';
import { firstRun, refusedInput } from './steps/run.ts';
import { runbook } from './steps/runbook.ts';
import { scheduled } from './steps/schedule.ts';

const HELP = `Usage: npm run test:emulator [-- options]

Deploys the stacks to an emulator of AWS with plain cdk, runs them, and takes them away. It starts the emulator
(ministack, from PyPI), a Postgres (from npm) and a market on loopback addresses; nothing leaves the machine.

  --endpoint URL   an emulator that is running already, such as LocalStack's http://localhost:4566; it needs
                   DATABASE_URL, a Postgres that its functions reach and whose login may create roles
  --host NAME      the name by which the emulator's functions reach this machine (default 127.0.0.1)
  --deploy-only    deploy, and leave the stacks in place (with --endpoint)
  --help           this text
`;

const LOOPBACK = '127.0.0.1';

/** The name of the secret that points at the database. */
const SECRET = 'boursomatic/external';

/** In this order: each finds what those before it left. */
const STEPS: Step[] = [
  deployed,
  firstRun,
  readBack,
  pageServed,
  attemptsCounted,
  administered,
  refusedInput,
  scheduled,
  redriven,
  runbook,
  unchanged,
  destroyed,
];

interface Options {
  endpoint?: string | undefined;
  host: string;
  'deploy-only': boolean;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return;
  if (options['deploy-only'] && !options.endpoint)
    throw new BadInputError('--deploy-only needs --endpoint: an emulator that this starts ends with it');
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-emulator-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const stand = await setUp(options, folder, (close) => closing.unshift(close));
    const steps = options['deploy-only'] ? [deployed] : STEPS;
    for (const step of steps) {
      const began = performance.now();
      const answer = await step.run(stand);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(`ok  ${step.shows}\n    ${answer} (${seconds} s)\n`);
    }
    process.stdout.write(`${steps.length} steps passed\n`);
  } finally {
    for (const close of closing) await close();
  }
}

/** Starts what the steps work with. */
async function setUp(
  options: Options,
  folder: string,
  later: (close: () => Promise<unknown>) => void,
): Promise<Stand> {
  const login = await database(options, folder, later);
  const admin = connect(login);
  later(() => admin.end());
  const market = await startMarket({
    market: emulatorMarket(),
    // An emulator's containers come in from another network than the loopback one.
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
    // The emulator has no budgets.
    budget: 'off',
    // What is left in place outlives this market.
    ...(!options['deploy-only'] && { yahooOrigin: originFor(market.origin, options.host) }),
  };
  const stand: Stand = {
    url,
    aws,
    market,
    admin,
    cdk: new Cdk(url, context, folder),
    outputs: {},
    output: (name) => {
      const found = Object.values(stand.outputs).find((outputs) => name in outputs)?.[name];
      if (!found) throw new BadInputError(`no stack has an output ${name}`);
      return found;
    },
  };
  return stand;
}

function originFor(origin: string, host: string): string {
  return `http://${host}:${new URL(origin).port}`;
}

/** Makes the secret that docs/operations.md asks for, or writes it anew. */
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
  if (endpoint) throw new BadInputError('--endpoint needs DATABASE_URL: a Postgres that its functions reach');
  const server = await startPostgres(join(folder, 'postgres'));
  later(() => server.stop());
  return server.login;
}

function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = readCommandLine({
    options: { endpoint: text, host: { ...text, default: '127.0.0.1' }, 'deploy-only': flag, help: flag },
  });
  if (!values.help) return values;
  process.stdout.write(HELP);
  return undefined;
}

await exitOnError(main);
