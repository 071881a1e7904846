import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));

async function run(...args: string[]) {
  const child = spawn(process.execPath, [RUN, ...args]);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

test("ends a small campaign on two markets with each market's bars", async () => {
  const { code, out, err } = await run(
    '--faults',
    '12',
    '--instruments',
    '4',
    '--markets',
    '2',
    '--seed',
    '4',
  );
  expect(err).toMatch(/faults in \d+ requests of \d+ runs/);
  expect(code).toBe(0);
  const tally = JSON.parse(out);
  expect(tally).toMatchObject({ seed: 4, runs: expect.any(Number), failures: expect.any(Object) });
  expect(tally.faults).toBeGreaterThanOrEqual(12);
});

test.each([
  [['--rate', '2'], '--rate "2" is above 0.9'],
  [['--markets', '0'], '--markets "0" is below 1'],
  [['--fault', '2'], "Unknown option '--fault'"],
])('refuses %j with one line and exit code 2', async (args, message) => {
  const { code, out, err } = await run(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^boursomatic: .*\n$/);
  expect(err).toContain(message);
});
