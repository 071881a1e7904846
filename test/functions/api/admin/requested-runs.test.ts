import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requestedRuns } from '../../../../functions/api/admin/requested-runs.ts';
import { requestKey, STARTED_WITHIN_MS } from '../../../../functions/api/admin/run-request.ts';
import type { RunStarter } from '../../../../functions/api/admin/run-starter.ts';
import { runStarter } from '../../../../functions/api/admin/selected-run-starter.ts';
import { startRequestedRun } from '../../../../functions/api/admin/start-requested-run.ts';
import { ENV } from '../../../../functions/shared/constants.ts';
import { PipelineInput } from '../../../../functions/shared/contracts.ts';
import type { ObjectStore } from '../../../../functions/shared/object-store.ts';
import { openObjects } from '../../../../functions/shared/objects.ts';

const INPUT = PipelineInput.parse({ symbols: ['AAPL'] });
const QUICK = { timeoutMs: 2000, pollMs: 5 };

let folder: string;
let objects: ObjectStore;
let started: [string, PipelineInput][];
const starter: RunStarter = {
  start: async (id, input) => {
    started.push([id, input]);
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-requests-'));
  objects = openObjects(pathToFileURL(folder).href);
  started = [];
});
afterEach(async () => {
  delete process.env[ENV.runRequestsUrl];
  await rm(folder, { recursive: true, force: true });
});

/** Delivers each request like EventBridge. */
async function delivered(id: string, other: RunStarter, at = new Date()) {
  for (;;) {
    if (await objects.get(requestKey(id))) return startRequestedRun(objects, other, requestKey(id), at);
    await new Promise((done) => setTimeout(done, 5));
  }
}

describe('a requested run', () => {
  test('starts with its id and input, and the requester gets a reply', async () => {
    await Promise.all([requestedRuns(objects, QUICK).start('api-1', INPUT), delivered('api-1', starter)]);
    expect(started).toEqual([['api-1', INPUT]]);
  });

  test('is requested in the bucket that the environment names', async () => {
    process.env[ENV.runRequestsUrl] = pathToFileURL(folder).href;
    await Promise.all([(await runStarter()).start('api-2', INPUT), delivered('api-2', starter)]);
    expect(started).toHaveLength(1);
  });

  test('fails with the message of a refused start', async () => {
    const refusing: RunStarter = { start: () => Promise.reject(new Error('no such state machine')) };
    const asking = requestedRuns(objects, QUICK).start('api-3', INPUT);
    await Promise.all([
      expect(asking).rejects.toThrow('no such state machine'),
      delivered('api-3', refusing),
    ]);
  });

  test('fails without a reply', async () => {
    const asking = requestedRuns(objects, { timeoutMs: 40, pollMs: 5 }).start('api-4', INPUT);
    await expect(asking).rejects.toThrow('no reply to the request');
  });

  test('starts once for repeated events', async () => {
    await Promise.all([requestedRuns(objects, QUICK).start('api-5', INPUT), delivered('api-5', starter)]);
    expect(await delivered('api-5', starter)).toEqual({});
    expect(started).toHaveLength(1);
  });

  test('does not start after its requester was told of a failure', async () => {
    const asking = requestedRuns(objects, { timeoutMs: 10, pollMs: 5 }).start('api-6', INPUT);
    await expect(asking).rejects.toThrow();
    const late = new Date(Date.now() + STARTED_WITHIN_MS + 1);
    expect(await delivered('api-6', starter, late)).toEqual({
      refused: expect.stringContaining('older than 8 seconds'),
    });
    expect(started).toEqual([]);
  });

  test('does not start for an object that is not a request', async () => {
    await objects.put(requestKey('api-7'), new TextEncoder().encode('{"id":"api-7"}'));
    await expect(delivered('api-7', starter)).rejects.toThrow();
    expect(started).toEqual([]);
  });
});
