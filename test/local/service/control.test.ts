import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { BadInputError, BoursomaticError } from '../../../functions/shared/errors.ts';
import { ownerText } from '../../../local/installation/folder-lock.ts';
import { type Control, openControl } from '../../../local/service/control.ts';
import { requestRun } from '../../../local/service/requested-run.ts';
import { type Execute, RunQueue } from '../../../local/service/run-queue.ts';
import { announceService, findService, type RunningService } from '../../../local/service/service-file.ts';

let control: Control | undefined;
afterEach(() => control?.close());

async function serve(execute: Execute): Promise<RunningService> {
  const queue = new RunQueue(execute, { update: () => {}, line: () => {} });
  control = await openControl(queue, 'a-token');
  return { pid: process.pid, mark: '', url: control.url, token: 'a-token', database: 'boursomatic' };
}

/** A reporter that notes what it receives. */
function listener() {
  const heard: string[] = [];
  return {
    heard,
    update: (text: string) => void heard.push(`${text}`),
    line: (text: string) => void heard.push(`line: ${text}`),
  };
}

describe('a requested run', () => {
  test('passes on its input, its progress and its outcome', async () => {
    const inputs: unknown[] = [];
    const service = await serve(async (runId, input, reporter) => {
      inputs.push(input);
      reporter.update('Plan…');
      reporter.line('Load failed for a batch');
      return { runId, seconds: { plan: 0.5 } };
    });
    const reporter = listener();
    const outcome = await requestRun(service, { mode: 'daily', symbols: ['AAPL'] }, reporter);
    expect(outcome).toEqual({ runId: expect.stringMatching(/^local-/), seconds: { plan: 0.5 } });
    expect(inputs).toEqual([{ mode: 'daily', symbols: ['AAPL'] }]);
    expect(reporter.heard).toEqual(['Plan…', 'line: Load failed for a batch']);
  });

  test('that fails has the error of the run, and bad input stays bad input', async () => {
    const errors = [new BadInputError('no such replay'), new Error('boom')];
    const service = await serve(() => Promise.reject(errors.shift()));
    await expect(requestRun(service, {}, listener())).rejects.toThrow(new BadInputError('no such replay'));
    const failed = requestRun(service, {}, listener());
    await expect(failed).rejects.toThrow(new BoursomaticError('run_failed', 'Error: boom'));
    await expect(failed).rejects.not.toBeInstanceOf(BadInputError);
  });

  test('with an invalid input is refused before anything runs', async () => {
    let runs = 0;
    const service = await serve(async (runId) => {
      runs++;
      return { runId, seconds: {} };
    });
    const wrong = requestRun(service, { mode: 'weekly' } as never, listener());
    await expect(wrong).rejects.toBeInstanceOf(BadInputError);
    expect(runs).toBe(0);
  });

  test('ends with an error if the service ends first', async () => {
    const service = await serve(() => new Promise(() => {}));
    const run = requestRun(service, {}, listener());
    setTimeout(() => control?.close(), 100);
    await expect(run).rejects.toThrow(`the service (process ${process.pid}) ended before the run did`);
  });
});

test('the control refuses every request without its token', async () => {
  const { url } = await serve(async (runId) => ({ runId, seconds: {} }));
  for (const authorization of [undefined, 'Bearer a-tokem', 'Bearer ']) {
    const response = await fetch(`${url}/run`, {
      method: 'POST',
      body: '{}',
      headers: authorization ? { authorization } : {},
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  }
});

describe('the announcement of a service', () => {
  const makeFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'boursomatic-service-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    return folder;
  };
  const where = { url: 'http://127.0.0.1:1', token: 'secret', database: 'boursomatic' };

  test('is readable by its owner alone, and gone after the stop', async () => {
    const folder = await makeFolder();
    const withdraw = await announceService(folder, where);
    expect((await stat(join(folder, 'service.json'))).mode & 0o777).toBe(0o600);
    expect(await findService(folder)).toMatchObject({ pid: process.pid, ...where });
    await withdraw();
    expect(await findService(folder)).toBeUndefined();
  });

  test('of a process that was killed is ignored, even if another process has its pid', async () => {
    const folder = await makeFolder();
    const [pid, mark] = (await ownerText(process.pid)).split('\n');
    const write = (text: string) => writeFile(join(folder, 'service.json'), text);
    await write(JSON.stringify({ pid: Number(pid), mark, ...where }));
    expect(await findService(folder)).toBeDefined();
    await write(JSON.stringify({ pid: Number(pid), mark: 'an earlier start', ...where }));
    expect(await findService(folder)).toBeUndefined();
    await write('{"pid":');
    expect(await findService(folder)).toBeUndefined();
  });
});
