import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FAULT_KINDS } from './faults.ts';
import { HELP, parseServeOptions } from './serve-options.ts';
import { chartPath } from './support.ts';

function serve(
  ...args: string[]
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, ['test/market/serve.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function run(...args: string[]) {
  const child = serve(...args);
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { out, error, code };
}

/** Starts the server, and waits for its directions. */
async function running(...args: string[]) {
  const child = serve('--port', '0', ...args);
  let out = '';
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    out += piece;
    if (out.includes('STOOQ_ORIGIN')) break;
  }
  const [, origin = ''] = /YAHOO_ORIGIN=(\S+)/.exec(out) ?? [];
  return { child, out, origin };
}

describe('npm run market', () => {
  test('serves the sample, prints how to point the project at it, and stops with Ctrl-C', async () => {
    const { child, out, origin } = await running();
    expect(out).toContain(
      `YAHOO_ORIGIN=${origin} npm start -- --provider yahoo --symbols AAPL,FB,GOOG --reference none --as-of 2013-03-01\n`,
    );
    expect(out).toMatch(
      /^Market of 5 instruments at http:\/\/127\.0\.0\.1:\d+, clock 2013-03-01T23:59:59\.000Z, no faults/,
    );
    const response = await fetch(origin + chartPath({ symbol: 'IBM', from: '2013-02-20' }));
    const { chart } = (await response.json()) as {
      chart: { result: [{ meta: object; timestamp: number[] }] };
    };
    expect(chart.result[0].meta).toMatchObject({ fullExchangeName: 'NYSE', regularMarketPrice: 202.91 });
    expect(chart.result[0].timestamp).toHaveLength(8);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('makes random faults', async () => {
    const { out, origin } = await running(
      '--faults',
      '0.5',
      '--kinds',
      'rate_limit',
      '--seed',
      '7',
      '--fast',
    );
    expect(out).toContain('faults in 50 % of requests (seed 7)');
    const statuses: number[] = [];
    for (let i = 0; i < 30; i++) statuses.push((await fetch(origin + chartPath({ symbol: 'IBM' }))).status);
    expect([...new Set(statuses)].sort()).toEqual([200, 429]);
  });

  test('takes another time, or the current one', async () => {
    const { out } = await running('--clock', '2012-06-01T15:00:00Z');
    expect(out).toContain('--as-of 2012-06-01');
    expect((await running('--clock', 'now')).out).not.toContain('--as-of');
  });

  test('prints its help and its kinds of fault', async () => {
    expect(await run('--help')).toEqual({ out: HELP, error: '', code: 0 });
    const { out, code } = await run('--list-faults');
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ', 1)[0]),
    ).toEqual(FAULT_KINDS);
    expect(code).toBe(0);
  });
});

describe('bad options of npm run market', () => {
  test.each([
    [['--bars', 'no/such.csv'], 'boursomatic: no/such.csv: no such file\n'],
    [['--kinds', 'mood'], 'boursomatic: --kinds: unknown kind mood (--list-faults prints them)\n'],
    [['--unknown'], "boursomatic: Unknown option '--unknown' (--help lists the options)\n"],
  ])('refuses %j with one line and exit code 2', async (args, error) => {
    expect(await run(...args)).toEqual({ out: '', error, code: 2 });
  });

  test('refuses a port in use', async () => {
    const { origin } = await running();
    const { port } = new URL(origin);
    expect(await run('--port', port)).toEqual({
      out: '',
      error: `boursomatic: --port: ${port} is in use\n`,
      code: 2,
    });
  });

  test.each([
    [['--port', 'x'], '--port "x" is not a port number'],
    [['--port', '70000'], '--port "70000" is above 65535'],
    [['--faults', '2'], '--faults "2" is above 1'],
    [['--faults', 'often'], '--faults "often" is not a share from 0 to 1'],
    [['--clock', 'soon'], '--clock "soon" is not an instant'],
    [['--seed', '1.5'], '--seed "1.5" is not a whole number'],
    [['--delay', '-1'], "Option '--delay' argument is ambiguous."],
    [['--stooq-key', ''], '--stooq-key "" is empty'],
    [['extra'], "Unexpected argument 'extra'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseServeOptions(args)).toThrow(message);
  });
});

test('lists every option in the help', async () => {
  const source = await readFile('test/market/serve-options.ts', 'utf8');
  const options = Object.keys(parseServeOptions(['--clock', 'now', '--kinds', 'hang', '--stooq-key', 'k']));
  for (const option of options) expect(HELP).toContain(`--${option} `.trimEnd());
  expect(source).toContain('Usage: npm run market -- [options]');
});
