import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UNIT = await readFile(join(ROOT, 'hosting/boursomatic.service'), 'utf8');

/** The highest exposure that systemd may find, times ten. It ranges from 0 to 100, and a unit without limits has 96. */
const MOST_EXPOSED = 15;

const analyze = (...args: string[]) => {
  const { status, stdout, stderr, error } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return error ? undefined : { status, output: stdout + stderr };
};

describe('hosting/boursomatic.service', () => {
  let folder: string;
  let unit: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-unit-'));
    unit = join(folder, 'boursomatic.service');
    // systemd also checks that the program exists.
    await writeFile(unit, UNIT.replaceAll('/opt/boursomatic/', ROOT));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  if (!analyze('--version')) {
    test.skip('is not checked: systemd-analyze is not installed (apt-get install systemd)');
    return;
  }

  test('is a unit that systemd accepts', () => {
    expect(analyze('verify', '--man=no', unit)).toEqual({ status: 0, output: '' });
  });

  test('leaves the service few rights', () => {
    const security = analyze('security', '--offline=true', `--threshold=${MOST_EXPOSED}`, unit);
    expect(security?.output).toContain('Overall exposure level');
    expect(security?.status, security?.output).toBe(0);
  });

  test('starts a module that the project has, with the Node of the project', () => {
    const [, program, module] = /^ExecStart=(\S+) (\S+)$/m.exec(UNIT) ?? [];
    expect(program).toBe('/opt/boursomatic/node_modules/.bin/node');
    expect(module).toBe('local/commands/start.ts');
  });
});
