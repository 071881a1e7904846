import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { removeCluster } from '../../../local/installation/postgres-server.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { lastLine } from './command-support.ts';

const EVALUATE = fileURLToPath(new URL('../../../local/commands/evaluate.ts', import.meta.url));
const HEADER = 'symbol,date,open,high,low,close,volume';
const SYMBOLS = Array.from({ length: 30 }, (_, i) => `S${String(i).padStart(2, '0')}`);
const DAYS = weekdays('2018-01-02', 420);
const HORIZON = 20;

/**
 * The day before the first month with a year of returns before it, whose next returns lie in that month, and the last
 * day with a known outcome.
 */
const FIRST = defined(
  DAYS.find((day, i) => i >= 252 && day.slice(0, 7) !== DAYS[i + 1]?.slice(0, 7)),
  'first measured day',
);
const LAST = DAYS.at(-1 - HORIZON);
const MEASURED = DAYS.length - DAYS.indexOf(FIRST) - HORIZON;

let folder: string;
let whole: string;
let dataDir: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-evaluate-test-'));
  // As root, the server runs as another user, who must be able to enter the folder.
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  whole = await barsFile('whole.csv.gz', DAYS.length);
});
afterAll(async () => {
  await removeCluster(join(dataDir, 'postgres'));
  await rm(folder, { recursive: true, force: true });
});

function weekdays(first: string, count: number): string[] {
  const days: string[] = [];
  for (let time = Date.parse(first); days.length < count; time += 86_400_000) {
    const date = new Date(time);
    if (date.getUTCDay() % 6 !== 0) days.push(date.toISOString().slice(0, 10));
  }
  return days;
}

/** Writes random walks of every symbol over the first days; more days continue the same walks. */
async function barsFile(name: string, days: number): Promise<string> {
  const lines = [HEADER];
  for (const [s, symbol] of SYMBOLS.entries()) {
    const random = randomNumbers(s + 1);
    let close = 20 + s;
    for (const day of DAYS.slice(0, days)) {
      const open = close;
      close *= 1 + (random() - 0.49) * 0.04;
      const [high, low] = [Math.max(open, close) * 1.01, Math.min(open, close) * 0.99];
      const prices = [open, high, low, close].map((price) => price.toFixed(4));
      lines.push(`${symbol},${day},${prices.join()},${1000 + Math.floor(random() * 5000)}`);
    }
  }
  const path = join(folder, name);
  await writeFile(path, gzipSync(lines.join('\n')));
  return path;
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param onText - called with the standard error so far, and with the process */
function evaluate(
  args: string[],
  environment: Record<string, string> = {},
  onText?: (stderr: string, child: ChildProcess) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [EVALUATE, ...args], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk;
    onText?.(texts.stderr, child);
  });
  return new Promise((done) => child.once('close', (code) => done({ code, ...texts })));
}

/** Parses the JSON of a run, without the seconds. */
function measures({ code, stdout, stderr }: Ended) {
  expect(code, stderr).toBe(0);
  const { seconds, ...result } = lastLine(stdout);
  expect(seconds.total).toBeGreaterThan(0);
  return result;
}

describe('npm run evaluate', () => {
  test('measures all days or a range, unaffected by later bars, in a kept folder', async () => {
    const kept = ['--json', '--data-dir', dataDir];
    const all = measures(await evaluate(['--bars', whole, ...kept]));
    expect(all).toMatchObject({
      model: JSON.parse(await readFile(new URL('manifest.json', BUNDLED_RELEASE), 'utf8')).version,
      from: FIRST,
      to: LAST,
      instruments: SYMBOLS.length,
      horizonDays: HORIZON,
      shortHorizonDays: 5,
      metrics: {
        days: MEASURED,
        rows: MEASURED * SYMBOLS.length,
        e5_rank_ic: { value: expect.any(Number), interval: [expect.any(Number), expect.any(Number)] },
        baselines: { momentum_12_1: { e5_rank_ic: { difference: { value: expect.any(Number) } } } },
      },
    });

    const [from = '', to = ''] = [DAYS[280], DAYS[329]];
    const range = ['--from', from, '--to', to];
    const some = measures(await evaluate(['--bars', whole, ...range, ...kept]));
    expect(some).toMatchObject({ from, to, metrics: { days: 50, rows: 50 * SYMBOLS.length } });
    expect(some.metrics.e5_rank_ic.value).not.toBe(all.metrics.e5_rank_ic.value);

    // Bars after the last day's horizon affect neither inputs nor outcomes.
    const truncated = await barsFile('truncated.csv.gz', 330 + HORIZON);
    expect(measures(await evaluate(['--bars', truncated, ...range, ...kept]))).toEqual(some);
  }, 180_000);

  test('leaves nothing of a temporary folder', async () => {
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    const few = ['--from', defined(DAYS[300], 'day'), '--to', defined(DAYS[310], 'day')];
    const run = await evaluate(['--bars', whole, ...few], { TMPDIR: temporary });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain(`on ${DAYS[300]} to ${DAYS[310]}: 330 rows, 11 days, 30 instruments`);
    expect(run.stdout.trimEnd().split('\n').at(-1)).toMatch(/^(No edge is shown|The ranking was) /);
    expect(run.stdout.trimEnd().split('\n').at(-1)).not.toMatch(/^\{/);
    expect((await readdir(temporary)).filter((name) => name.startsWith('boursomatic'))).toEqual([]);
  });
});

describe('npm run evaluate with a universe and a file of scores', () => {
  const range = ['--from', defined(DAYS[300], 'day'), '--to', defined(DAYS[309], 'day')];
  const membershipOf = async (name: string, lines: string[]) => {
    const path = join(folder, name);
    await writeFile(path, ['month,symbol,rank', ...lines].join('\n'));
    return path;
  };

  test('scores and measures the members alone, and writes every row', async () => {
    const members = SYMBOLS.slice(0, 12).map((symbol, i) => `2018-01-01,${symbol},${i + 1}`);
    const membership = await membershipOf('members.csv', [...members, '2018-01-01,S20,1001']);
    const scores = join(folder, 'scores.csv.gz');
    const kept = ['--data-dir', dataDir, '--json', ...range];
    const args = ['--bars', whole, '--membership', membership, '--scores', scores, ...kept];
    expect(measures(await evaluate(args))).toMatchObject({
      instruments: 12,
      metrics: { rows: 120, days: 10 },
    });
    const [header, ...lines] = gunzipSync(await readFile(scores))
      .toString()
      .trimEnd()
      .split('\n');
    expect(header).toBe('date,symbol,score,p_sell,p_hold,p_buy');
    expect(lines).toHaveLength(120);
    expect(new Set(lines.map((line) => line.split(',')[1]))).toEqual(new Set(SYMBOLS.slice(0, 12)));
    for (const line of lines) {
      const [day = '', , score, ...chances] = line.split(',');
      expect(day >= (DAYS[300] ?? '') && day <= (DAYS[309] ?? '')).toBe(true);
      expect(Number.isFinite(Number(score))).toBe(true);
      expect(chances.reduce((sum, chance) => sum + Number(chance), 0)).toBeCloseTo(1, 12);
    }
    // The scores of a day are neutral: their mean is 0, and their deviation 1.
    const day = lines
      .filter((line) => line.startsWith(`${DAYS[300]},`))
      .map((line) => Number(line.split(',')[2]));
    expect(day.reduce((sum, z) => sum + z, 0) / 12).toBeCloseTo(0, 9);
    expect(day.reduce((sum, z) => sum + z * z, 0) / 12).toBeCloseTo(1, 9);

    const again = await evaluate(args);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain(`${scores}: exists; name another file`);
  }, 60_000);

  test.each<[string, string[], RegExp]>([
    [
      'names no symbol of the bars',
      ['2018-01-01,NONE,1'],
      /the membership file names no symbol of the bars$/,
    ],
    ['has a bad row', ['2018-01-01,S00,1', '2018-01-01,S01'], /line 3 is not a day, a symbol and a rank$/],
    ['repeats a symbol', ['2018-01-01,S00,1', '2018-01-01,S00,2'], /line 3 names S00 twice in 2018-01-01$/],
  ])('rejects a membership file that %s before it loads bars', async (name, lines, message) => {
    const membership = await membershipOf(`${name.replaceAll(' ', '-')}.csv`, lines);
    const run = await evaluate(['--bars', whole, '--membership', membership]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.stderr.trimEnd()).toMatch(message);
  });

  test('rejects a missing membership file, and a file of scores that cannot be written', async () => {
    const missing = await evaluate(['--bars', whole, '--membership', 'none.csv']);
    expect(missing).toMatchObject({
      code: 2,
      stderr: 'boursomatic: --membership none.csv: no such file\n',
    });
    const nowhere = await evaluate(['--bars', whole, '--scores', join(folder, 'none', 'scores.csv.gz')]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/scores\.csv\.gz: cannot be written \(ENOENT\)$/m);
  });

  test('leaves no file of scores if nothing can be measured', async () => {
    const scores = join(folder, 'none.csv.gz');
    const early = ['--to', defined(DAYS[100], 'day'), '--data-dir', dataDir];
    expect((await evaluate(['--bars', whole, '--scores', scores, ...early])).code).toBe(2);
    expect((await readdir(folder)).filter((name) => name.startsWith('none.csv.gz'))).toEqual([]);
  });
});

describe('errors in one line', () => {
  const refusals: [string, string[], RegExp][] = [
    ['no bars', [], /evaluate needs --bars FILE/],
    ['an unknown option', ['--bars', 'x', '--jsn'], /'--jsn'/],
    [
      'from later than to',
      ['--bars', 'x', '--from', '2015-03-01', '--to', '2015-02-01'],
      /is later than --to/,
    ],
    ['a missing file', ['--bars', 'missing.csv'], /missing\.csv: no such file/],
  ];
  test.concurrent.each(refusals)('rejects %s with exit 2', async (_, args, message) => {
    const run = await evaluate(args);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.stderr).toMatch(message);
    expect(run).toMatchObject({ code: 2, stdout: '' });
  });

  test('rejects days after the last bar and days before the first features with exit 2', async () => {
    const late = await evaluate(['--bars', whole, '--from', '2030-01-01']);
    expect(late.code).toBe(2);
    expect(late.stderr).toMatch(/^boursomatic: --from 2030-01-01 is later than the last bar/);
    const early = await evaluate(['--bars', whole, '--to', defined(DAYS[100], 'day'), '--data-dir', dataDir]);
    expect(early.code).toBe(2);
    expect(early.stderr).toMatch(/boursomatic: no rows to measure to 2018-/);
    expect(early.stdout).toBe('');
  });

  test.each([
    ['missing', 'score.onnx', /score\.onnx: is missing/],
    ['corrupt', 'move.onnx', /move\.onnx: is not the file that the manifest names/],
    ['of other features', 'manifest.json', /sentiment/],
  ])('rejects a model that is %s with exit 1', async (kind, name, message) => {
    const model = await mkdtemp(join(folder, 'model-'));
    const source = fileURLToPath(BUNDLED_RELEASE);
    for (const file of await readdir(source)) await copyFile(join(source, file), join(model, file));
    const path = join(model, name);
    if (kind === 'missing') await rm(path);
    if (kind === 'corrupt') await writeFile(path, 'not a model');
    if (name === 'manifest.json') {
      const manifest = JSON.parse(await readFile(path, 'utf8'));
      manifest.label.volatilityFeature = 'sentiment';
      await writeFile(path, JSON.stringify(manifest));
    }
    const run = await evaluate(['--bars', whole, '--model', model, '--data-dir', dataDir]);
    expect(run.code).toBe(1);
    expect(run.stderr.trimEnd().split('\n').at(-1)).toMatch(message);
    expect(run.stdout).toBe('');
  });

  test('lists the options for --help', async () => {
    const run = await evaluate(['--help']);
    expect(run.code).toBe(0);
    for (const name of [
      '--bars',
      '--membership',
      '--scores',
      '--from',
      '--to',
      '--model',
      '--json',
      '--data-dir',
    ]) {
      expect(run.stdout).toContain(name);
    }
  });
});

describe('Ctrl-C', () => {
  test.each([
    ['before the server runs', /Currency: USD/],
    ['while the bars are loaded', /Applied \d+ database migrations/],
  ])('leaves nothing behind when it is stopped %s', async (_name, moment) => {
    const temporary = await mkdtemp(join(folder, 'stopped-'));
    await chmod(temporary, 0o755);
    let isTold = false;
    const { code, stderr } = await evaluate(
      ['--bars', whole, '--scores', join(temporary, 'scores.csv.gz')],
      { TMPDIR: temporary },
      (text, child) => {
        if (isTold || !moment.test(text)) return;
        isTold = true;
        // npm passes on a Ctrl-C that the terminal has already sent.
        setTimeout(() => child.kill('SIGINT'), 50);
        setTimeout(() => child.kill('SIGINT'), 200);
      },
    );
    expect(stderr).toMatch(/\nboursomatic: stopped before the measurement ended\n$/);
    expect(code).toBe(1);
    const left = await readdir(temporary);
    expect(left.filter((name) => /^(boursomatic|scores)/.test(name))).toEqual([]);
  });
});
