import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readServer, releasePidFile } from '../../../local/installation/postgres-process.ts';
import { processMark } from '../../../local/installation/process-mark.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'boursomatic-pid-'));
});
afterEach(() => rm(data, { recursive: true }));

const pidFile = () => join(data, 'postmaster.pid');
const REST = `\n/data\n1796071425\n41177\n`;

describe('the pid file of a server that has ended', () => {
  test.runIf(process.platform === 'linux')('is released if nothing reaps the process', async () => {
    // The second sleep takes the place of the shell, and does not wait for the first.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = await once(parent.stdout, 'data');
      const pid = Number(line);
      await expect.poll(() => processMark(pid)).toBeUndefined();
      expect(process.kill(pid, 0)).toBe(true);
      await writeFile(pidFile(), `${pid}${REST}`);
      expect(await readServer(data)).toBeUndefined();
      await releasePidFile(data);
      expect(await readFile(pidFile(), 'utf8')).toBe(`2147483646${REST}`);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('stays if no process has its pid, so that Postgres looks for sessions itself', async () => {
    await writeFile(pidFile(), `2147483645${REST}`);
    await releasePidFile(data);
    expect(await readFile(pidFile(), 'utf8')).toBe(`2147483645${REST}`);
  });

  test('is released if another program has its pid', async () => {
    await writeFile(pidFile(), `${process.pid}${REST}`);
    await releasePidFile(data);
    expect(await readFile(pidFile(), 'utf8')).toBe(`2147483646${REST}`);
  });
});
