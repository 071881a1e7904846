import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { LEAST_TRAINING_DATA } from '../../functions/infer/trainable.ts';
import { DAY_MS, toDay } from '../../functions/shared/days.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { removeDataFolder } from '../installation/scratch-installation.ts';
import { databaseOfFile } from '../installation/source.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run test:retrain

Retrains end to end with the real trainer on generated bars, from a file and in place next to a running service.
Compares the trainer's figures with those of the gate and of npm run evaluate. Needs python3 with pip.

  -h, --help   print this text
`;

const HEADER = 'symbol,date,open,high,low,close,volume';

/**
 * Makes bars of random walks, the same at every call: enough to train on, with nothing to learn.
 */
function randomBars(instruments: number, days: number): string {
  let state = 1;
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  const around = () => random() + random() - 1;
  const lines = [HEADER];
  for (let i = 0; i < instruments; i++) {
    let close = 20 + 7 * i;
    for (const day of weekdays(days)) {
      const open = close * (1 + 0.005 * around());
      close = open * (1 + 0.025 * around());
      const high = Math.max(open, close) * (1 + 0.005 * random());
      const low = Math.min(open, close) * (1 - 0.005 * random());
      const prices = [open, high, low, close].map((price) => price.toFixed(4));
      lines.push(`RND${i},${day},${prices.join()},${Math.round(1e5 + 9e5 * random())}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function weekdays(count: number): string[] {
  const days: string[] = [];
  for (let time = Date.UTC(2015, 0, 2); days.length < count; time += DAY_MS) {
    const date = new Date(time);
    if (date.getUTCDay() % 6 !== 0) days.push(toDay(date));
  }
  return days;
}

/**
 * Runs a command of the project.
 *
 * @returns its standard output
 * @throws BoursomaticError if its exit code or output differs from the expected
 */
function expectRun(
  script: string,
  args: string[],
  expected: { status: number; stdout?: RegExp; stderr?: RegExp },
): string {
  const command = [pathOf(script), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    // Standard error shows progress at once, unless it is compared.
    stdio: ['ignore', 'pipe', expected.stderr ? 'pipe' : 'inherit'],
  });
  process.stderr.write(stderr ?? '');
  const matches =
    status === expected.status &&
    (expected.stdout?.test(stdout) ?? true) &&
    (expected.stderr?.test(stderr ?? '') ?? true);
  if (matches) return stdout;
  process.stdout.write(stdout);
  const patterns = [expected.stdout, expected.stderr].filter((pattern) => pattern !== undefined);
  const output = patterns.length > 0 ? ` or its output does not match ${patterns.join(' and ')}` : '';
  throw new BoursomaticError(
    'retrain_checks',
    `${script} exited with ${status} instead of ${expected.status}${output}`,
  );
}

function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url));
}

/** Checks of the gate that random walks pass: each compares what Python wrote with what TypeScript measures. */
const PASSED = ['parity', 'onnx', 'predictions', 'metrics', 'calibration'];

/** Checks that the gate has measured the trainer's figures again, from the predictions and the bars. */
function assertMeasured(version: string, where: string[]): void {
  const shown = JSON.parse(
    lastLine(expectRun('model.ts', ['show', version, '--json', ...where], { status: 0 })),
  );
  const passed = shown.verdict.checks.filter((check: { passed: boolean }) => check.passed);
  const names = new Set(passed.map(({ name }: { name: string }) => name));
  const failed = PASSED.filter((name) => !names.has(name));
  if (failed.length > 0)
    throw new BoursomaticError(
      'retrain_checks',
      `the gate refuses ${failed.join(', ')}: ${JSON.stringify(shown.verdict.checks)}`,
    );
}

/** Largest difference between two programs that compute the same figure. */
const TOLERANCE = 1e-4;

/** Measures baselines, which need no model, from the bars alone, and compares with the trainer's figures. */
async function assertSameBaselines(bars: string, release: string): Promise<void> {
  const { metrics, training } = JSON.parse(await readFile(join(release, 'manifest.json'), 'utf8'));
  const days = ['--from', training.testFrom, '--to', training.testTo];
  const args = ['--bars', bars, '--model', release, ...days, '--json'];
  const measured = JSON.parse(lastLine(expectRun('evaluate.ts', args, { status: 0 })));
  const figures = (of: typeof metrics): [string, number][] => [
    ['rows', of.rows],
    ['days', of.days],
    ...Object.entries<typeof metrics>(of.baselines).flatMap(([baseline, measures]) =>
      Object.entries<{ value: number }>(measures).map(([name, { value }]): [string, number] => [
        `${name} of ${baseline}`,
        value,
      ]),
    ),
  ];
  const theirs = new Map(figures(metrics));
  for (const [name, here] of figures(measured.metrics)) {
    const there = theirs.get(name) ?? Number.NaN;
    if (Math.abs(here - there) <= TOLERANCE) continue;
    throw new BoursomaticError('retrain_checks', `${name} is ${here}, but the trainer measured ${there}`);
  }
}

/** Retrains on the bars that are stored already, next to a service that owns the data folder. */
async function retrainInPlace(bars: string, database: string[], where: string[]): Promise<void> {
  const args = ['--provider', 'csv', '--bars', bars, '--currency', 'USD', '--port', '0', ...where];
  const service = spawn(process.execPath, [pathOf('start.ts'), ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = once(service, 'exit');
  try {
    const origin = await announcedOrigin(service.stderr);
    expectRun('retrain.ts', database, {
      status: 0,
      stdout: /^Model v9\.0\.1 is registered and (not )?promoted: ./m,
    });
    assertMeasured('v9.0.1', database);
    const { status } = await fetch(`${origin}/v1/health`);
    if (status !== 200)
      throw new BoursomaticError('retrain_checks', `the service answers ${status} after the retraining`);
  } finally {
    service.kill('SIGINT');
    await ended;
  }
}

/** The address that a starting service prints. */
async function announcedOrigin(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) {
    process.stderr.write(`${line}\n`);
    const [, origin] = /Page: (http:\/\/[\w.:]+)\//.exec(line) ?? [];
    if (origin) return origin;
  }
  throw new BoursomaticError('retrain_checks', 'the service ended before it listened');
}

function lastLine(text: string): string {
  return defined(text.trimEnd().split('\n').at(-1), 'last line');
}

/** Retrains end to end with the real trainer, on generated bars. */
async function main(): Promise<void> {
  if (readCommandLine({ options: HELP_OPTION }).values.help) {
    process.stdout.write(HELP);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-retrain-'));
  const dataDir = join(folder, 'data');
  const bars = join(folder, 'bars.csv');
  const few = join(folder, 'few.csv');
  const where = ['--data-dir', dataDir];
  try {
    const { instruments, years } = LEAST_TRAINING_DATA;
    await writeFile(bars, randomBars(instruments, 262 * years));
    await writeFile(few, randomBars(3, 400));
    const release = join(folder, 'release');
    expectRun('retrain.ts', ['--bars', bars, '--version', 'v9.0.0', '--out', release, ...where], {
      status: 0,
      stdout: /^Model v9\.0\.0 is registered and (not )?promoted: ./m,
    });
    const database = ['--database', await databaseOfFile(bars), ...where];
    assertMeasured('v9.0.0', database);
    await assertSameBaselines(bars, release);
    await retrainInPlace(bars, database, where);
    expectRun('retrain.ts', ['--bars', bars, '--version', 'v9.0.0', ...where], {
      status: 2,
      stderr: /v9\.0\.0 is already registered/,
    });
    expectRun('retrain.ts', ['--bars', few, ...where], {
      status: 2,
      stderr:
        /needs 200 instruments with 3 years of daily bars each; the database has 3 instruments with features, 0 of them /,
    });
    // The refused runs changed nothing: the release in models/ is the only version, and active.
    expectRun('model.ts', ['list', '--json', '--database', await databaseOfFile(few), ...where], {
      status: 0,
      stdout: /^\[\{[^\n]*"isActive":true(?![^\n]*"isActive")[^\n]*\]$/m,
    });
  } finally {
    await removeDataFolder(dataDir);
    await rm(folder, { recursive: true, force: true });
  }
}

await exitOnError(main);
