import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DAY_MS, toDay } from '../../functions/shared/days.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { PostgresCluster } from '../installation/postgres-server.ts';
import { databaseOfFile } from '../installation/source.ts';
import { exitOnError } from '../terminal/exit.ts';

const HEADER = 'symbol,date,open,high,low,close,volume';

/**
 * Bars of instruments that walk at random, the same at every call: nothing can be learned from them, but enough to
 * train on.
 */
export function randomBars(instruments: number, days: number): string {
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

/** Runs one of the project's commands and compares how it ended with what was expected; gives its stdout. */
function expectRun(
  script: string,
  args: string[],
  wanted: { status: number; stdout?: RegExp; stderr?: RegExp },
): string {
  const command = [fileURLToPath(new URL(script, import.meta.url)), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    // Progress is shown as it comes, unless it is what is looked at.
    stdio: ['ignore', 'pipe', wanted.stderr ? 'pipe' : 'inherit'],
  });
  process.stderr.write(stderr ?? '');
  const fits =
    status === wanted.status &&
    (wanted.stdout?.test(stdout) ?? true) &&
    (wanted.stderr?.test(stderr ?? '') ?? true);
  if (fits) return stdout;
  process.stdout.write(stdout);
  const asked = `${wanted.status}${wanted.stdout ? `, ${wanted.stdout}` : ''}${wanted.stderr ? `, ${wanted.stderr}` : ''}`;
  throw new BoursomaticError('retrain_checks', `${script} ended with ${status}, where ${asked} was expected`);
}

/** What the trainer says of a release, by the names that `npm run evaluate` has for it. */
const SAME_FIGURES = {
  rows: 'rows',
  days: 'days',
  instruments: 'instruments',
  ic: 'ic',
  rankIc: 'rank_ic',
  icir: 'icir',
  rankIcir: 'rank_icir',
  ece: 'ece',
  logLoss: 'log_loss',
} as const;

/** Measures a release with ONNX and TypeScript alone, where the trainer measured it with LightGBM and Python. */
async function assertSameFigures(bars: string, release: string): Promise<void> {
  const { metrics } = JSON.parse(await readFile(join(release, 'manifest.json'), 'utf8'));
  const { from, to } = metrics.release;
  const args = ['--bars', bars, '--model', release, '--from', from, '--to', to, '--json'];
  const measured = JSON.parse(
    expectRun('evaluate.ts', args, { status: 0 }).trimEnd().split('\n').at(-1) ?? '',
  );
  for (const [ours, theirs] of Object.entries(SAME_FIGURES)) {
    const [here, there] = [measured[ours], metrics.release[theirs]];
    if (Math.abs(here - there) <= 1e-4) continue;
    throw new BoursomaticError('retrain_checks', `${ours} is ${here}, and the trainer says ${there}`);
  }
}

/** Retraining end to end with the real trainer, on bars that are made up. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-retrain-'));
  const dataDir = join(folder, 'data');
  const bars = join(folder, 'bars.csv');
  const few = join(folder, 'few.csv');
  const where = ['--data-dir', dataDir];
  try {
    await writeFile(bars, randomBars(12, 1100));
    await writeFile(few, randomBars(3, 400));
    const release = join(folder, 'release');
    expectRun('retrain.ts', ['--bars', bars, '--version', 'v9.0.0', '--out', release, ...where], {
      status: 0,
      stdout: /^Model v9\.0\.0 is registered and (not )?promoted: ./m,
    });
    await assertSameFigures(bars, release);
    expectRun('retrain.ts', ['--bars', bars, '--version', 'v9.0.0', ...where], {
      status: 2,
      stderr: /v9\.0\.0 is already registered/,
    });
    expectRun('retrain.ts', ['--bars', few, ...where], { status: 2, stderr: /too few/ });
    // What was refused left the registry as it was: one version, the project's, active.
    expectRun('model.ts', ['list', '--json', '--database', await databaseOfFile(few), ...where], {
      status: 0,
      stdout: /^\[\{[^\n]*"isActive":true(?![^\n]*"isActive")[^\n]*\]$/m,
    });
  } finally {
    await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await exitOnError(main);
