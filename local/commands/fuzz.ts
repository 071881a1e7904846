import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { type FuzzWorld, type Level, openFuzzWorld } from '../fuzz/fuzz-world.ts';
import { uv } from '../installation/uv.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { paragraph } from '../terminal/paragraph.ts';
import { Progress } from '../terminal/progress.ts';

/** The fuzzer, with its dependencies as of a day, so that runs are reproducible. */
const SCHEMATHESIS = ['--exclude-newer', '2026-11-20', 'schemathesis==4.32.5'];

const CONFIGURATION = fileURLToPath(new URL('../fuzz/schemathesis.toml', import.meta.url));
/** A Python module and its folder. */
const HOOKS = { module: 'fuzz_hooks', folder: fileURLToPath(new URL('../fuzz/', import.meta.url)) };
const REPORTS = fileURLToPath(new URL('../../.cache/fuzz/', import.meta.url));

/** Default seed. A seed always generates the same requests. */
const SEED = '20261123';

/** Generated cases for an operation, in addition to those at the limits of its schema. */
const CASES = 14;

/** A full run with fewer requests than this fails, because it would prove little. */
const LEAST_REQUESTS = 5_000;

/** Operations that end the caller's token, session, consent or account, and so run apart. */
const ENDING_OPERATIONS = [
  'logout',
  'logoutEverywhere',
  'changePassword',
  'confirm',
  'deleteMe',
  'endSession',
  'withdrawConsent',
];

/** One run of the fuzzer: with which level of access, and which operations. */
interface Round {
  name: string;
  level: Level;
  operations: string[];
}

const ROUNDS: Round[] = [
  { name: 'nobody', level: 'nobody', operations: [] },
  // All other operations ignore the consent, and the round `consented` covers them.
  { name: 'plain', level: 'plain', operations: ['--include-path-regex', 'recommendations|track-record'] },
  { name: 'consented', level: 'consented', operations: without(ENDING_OPERATIONS) },
  { name: 'admin', level: 'admin', operations: without(ENDING_OPERATIONS) },
  ...ENDING_OPERATIONS.map((operation) => ({
    name: operation,
    level: 'consented' as const,
    operations: ['--include-operation-id', operation],
  })),
];

function without(operations: readonly string[]): string[] {
  return operations.flatMap((operation) => ['--exclude-operation-id', operation]);
}

const HELP = `Usage: npm run test:fuzz -- [ROUND...] [options]

Sends generated requests to the API on a scratch database and reports responses that break its schema.
Needs python3 with pip. Without a ROUND, runs all of them:
${paragraph(ROUNDS.map(({ name }) => name).join(', '), 2)}

  --seed N     seed of the requests (default ${SEED})
  -h, --help   print this text
`;

function readOptions() {
  const options = { seed: { type: 'string', default: SEED }, ...HELP_OPTION } as const;
  const { values, positionals } = readCommandLine({ allowPositionals: true, options });
  const unknown = positionals.find((name) => !ROUNDS.some((round) => round.name === name));
  if (unknown !== undefined)
    throw new BadInputError(`test:fuzz: there is no round "${unknown}" (--help lists the rounds)`);
  if (!/^\d{1,9}$/.test(values.seed))
    throw new BadInputError('--seed is not a whole number of at most nine digits');
  return { ...values, only: positionals };
}

async function main(): Promise<void> {
  const { only, seed, help } = readOptions();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  process.env.LOG_LEVEL ??= 'error';
  const progress = new Progress();
  await rm(REPORTS, { recursive: true, force: true });
  await mkdir(REPORTS, { recursive: true });
  const world = await openFuzzWorld(progress);
  const failed: string[] = [];
  let requests = 0;
  try {
    for (const round of ROUNDS) {
      if (only.length > 0 && !only.includes(round.name)) continue;
      progress.line(`\n== ${round.name}`);
      if (!(await fuzz(world, round, seed))) failed.push(round.name);
      requests += await countRequests(round);
    }
  } finally {
    await world.close();
  }
  process.stdout.write(`\n${requests} requests, seed ${seed}; `);
  process.stdout.write(failed.length === 0 ? 'no findings\n' : `findings in ${failed.join(', ')}\n`);
  if (failed.length > 0)
    throw new BoursomaticError('fuzz', `the fuzzer has findings in ${failed.join(', ')}; see above`);
  if (only.length === 0 && requests < LEAST_REQUESTS)
    throw new BoursomaticError(
      'fuzz',
      `only ${requests} requests were sent; a full run needs at least ${LEAST_REQUESTS}`,
    );
}

/** @returns whether the round has no findings */
async function fuzz(world: FuzzWorld, { name, level, operations }: Round, seed: string): Promise<boolean> {
  const token = await world.token(level);
  const document = `${world.url}/v1/openapi.json`;
  const command = ['tool', 'run', ...SCHEMATHESIS, '--config-file', CONFIGURATION, 'run', document];
  const checks = ['--checks', 'all', '--continue-on-failure', '--no-color', '--no-shrink'];
  const cases = ['--seed', seed, '--max-examples', String(CASES), '--generation-database', 'none'];
  const report = ['--report', 'json', '--report-json-path', reportPath(name)];
  const login = token ? ['--header', `Authorization: Bearer ${token}`] : [];
  const child = spawn(uv(), [...command, ...checks, ...cases, ...report, ...login, ...operations], {
    // The fuzzer leaves a cache in its working folder.
    cwd: REPORTS,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      SCHEMATHESIS_HOOKS: HOOKS.module,
      PYTHONPATH: HOOKS.folder,
      PYTHONDONTWRITEBYTECODE: '1',
      UV_PYTHON_DOWNLOADS: 'never',
    },
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}

async function countRequests({ name }: Round): Promise<number> {
  const report = JSON.parse(await readFile(reportPath(name), 'utf8'));
  return report.test_cases?.generated ?? 0;
}

function reportPath(name: string): string {
  return `${REPORTS}${name}.json`;
}

await exitOnError(main);
