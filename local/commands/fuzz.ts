import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { type FuzzWorld, type Level, openFuzzWorld } from '../fuzz/fuzz-world.ts';
import { uv } from '../installation/python.ts';
import { readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';

/** The fuzzer, and the day up to which the packages that it needs may be from, so that a run can be repeated. */
const SCHEMATHESIS = ['--exclude-newer', '2026-11-20', 'schemathesis==4.32.5'];

const CONFIGURATION = fileURLToPath(new URL('../fuzz/schemathesis.toml', import.meta.url));
/** The name of a Python module, and the folder that it is in. */
const HOOKS = { module: 'fuzz_hooks', folder: fileURLToPath(new URL('../fuzz/', import.meta.url)) };
const REPORTS = fileURLToPath(new URL('../../.cache/fuzz/', import.meta.url));

/** The seed where none is given: the same requests each time. */
const SEED = '20261123';

/** Cases that are made up for an operation, beside those that its schema's limits give. */
const CASES = 14;

/** Fewer requests than this are no fuzzing. */
const LEAST_REQUESTS = 5_000;

/** Operations after which the one who asks has no session, no consent or no account any more. */
const FAREWELLS = [
  'logout',
  'logoutEverywhere',
  'changePassword',
  'deleteMe',
  'endSession',
  'withdrawConsent',
];

/** A run of the fuzzer: as whom, and over which operations. */
interface Round {
  name: string;
  level: Level;
  operations: string[];
}

const ROUNDS: Round[] = [
  { name: 'nobody', level: 'nobody', operations: [] },
  // Everything else is the same to who has accepted the consent.
  { name: 'plain', level: 'plain', operations: ['--include-path-regex', 'recommendations|track-record'] },
  { name: 'consented', level: 'consented', operations: without(FAREWELLS) },
  { name: 'admin', level: 'admin', operations: without(FAREWELLS) },
  ...FAREWELLS.map((operation) => ({
    name: operation,
    level: 'consented' as const,
    operations: ['--include-operation-id', operation],
  })),
];

function without(operations: readonly string[]): string[] {
  return operations.flatMap((operation) => ['--exclude-operation-id', operation]);
}

const HELP = `Usage: npm run test:fuzz -- [ROUND...] [options]

Sends made-up requests to the API on a scratch database, in rounds: ${ROUNDS.map(({ name }) => name).join(', ')}.

  --seed N   other requests than those of seed ${SEED}
  --help     this text
`;

function readOptions() {
  const options = { seed: { type: 'string', default: SEED }, help: { type: 'boolean' } } as const;
  const { values, positionals } = readCommandLine({ allowPositionals: true, options });
  const unknown = positionals.find((name) => !ROUNDS.some((round) => round.name === name));
  if (unknown !== undefined) throw new BadInputError(`fuzz: there is no round ${unknown}`);
  if (!/^\d{1,9}$/.test(values.seed)) throw new BadInputError('--seed: is not a number of up to nine digits');
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
  process.stdout.write(failed.length === 0 ? 'no findings\n' : `findings as ${failed.join(', ')}\n`);
  if (failed.length > 0) throw new BoursomaticError('fuzz', `the fuzzer found faults (${failed.join(', ')})`);
  if (only.length === 0 && requests < LEAST_REQUESTS)
    throw new BoursomaticError('fuzz', `only ${requests} requests: at least ${LEAST_REQUESTS} are wanted`);
}

/** @returns whether nothing was found */
async function fuzz(world: FuzzWorld, { name, level, operations }: Round, seed: string): Promise<boolean> {
  const token = await world.token(level);
  const child = spawn(
    uv(),
    [
      ...['tool', 'run', ...SCHEMATHESIS, '--config-file', CONFIGURATION],
      ...['run', `${world.url}/v1/openapi.json`],
      ...['--checks', 'all', '--continue-on-failure', '--no-color', '--no-shrink'],
      ...['--seed', seed, '--max-examples', String(CASES), '--generation-database', 'none'],
      ...['--report', 'json', '--report-json-path', reportPath(name)],
      ...(token ? ['--header', `Authorization: Bearer ${token}`] : []),
      ...operations,
    ],
    {
      // Where it may leave a cache.
      cwd: REPORTS,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: HOOKS.module,
        PYTHONPATH: HOOKS.folder,
        PYTHONDONTWRITEBYTECODE: '1',
        UV_PYTHON_DOWNLOADS: 'never',
      },
    },
  );
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
