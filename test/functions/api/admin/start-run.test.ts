import { afterEach, describe, expect, test } from 'vitest';
import type { RunStarter } from '../../../../functions/api/admin/run-starter.ts';
import { runStarter, selectRunStarter } from '../../../../functions/api/admin/selected-run-starter.ts';
import { RunInput, startRun } from '../../../../functions/api/admin/start-run.ts';
import { PipelineInput, PlanRequest } from '../../../../functions/shared/contracts.ts';
import { ConfigurationError } from '../../../../functions/shared/errors.ts';

afterEach(() => selectRunStarter(undefined));

describe('startRun', () => {
  test('gives every run a new id that is a valid execution name', async () => {
    const started: [string, PipelineInput][] = [];
    const starter: RunStarter = {
      start: async (runId, input) => {
        started.push([runId, input]);
      },
    };
    const ids = [
      await startRun(starter, PipelineInput.parse({})),
      await startRun(starter, PipelineInput.parse({})),
    ];
    expect(started.map(([id]) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
    for (const runId of ids) {
      expect(runId).toMatch(/^api-\d{14}-[0-9a-f]{8}$/);
      expect(PlanRequest.safeParse({ runId, input: {} }).success).toBe(true);
    }
  });

  test('fails if the starter fails', async () => {
    const starter: RunStarter = { start: () => Promise.reject(new Error('no such state machine')) };
    await expect(startRun(starter, PipelineInput.parse({}))).rejects.toThrow('no such state machine');
  });
});

describe('RunInput', () => {
  test.each([
    {},
    { mode: 'backfill' },
    { symbols: ['AAPL', 'BRK-B'], from: '2026-01-01', to: '2026-01-31' },
    { symbols: [] },
    { symbols: ['aapl', 'brk.b', 'BRK-B'] },
    { symbols: ['A A'] },
    { mode: 'weekly' },
    { from: '2026-02-30' },
    { from: '2026-01-02', to: '2026-01-01' },
    { symbol: 'AAPL' },
    { to: '2026-01-01\u0000' },
  ])('accepts the same inputs as the state machine: %j', (input) => {
    const there = PipelineInput.safeParse(input);
    const here = RunInput.safeParse(input);
    expect(here.success).toBe(there.success);
    expect(here.data).toEqual(there.data);
  });

  test('describes every member', () => {
    for (const [name, part] of Object.entries(RunInput.shape)) {
      expect(part.description, name).toMatch(/^.{10,}\.$/);
    }
  });
});

describe('runStarter', () => {
  test('returns the selected starter', async () => {
    const starter: RunStarter = { start: async () => {} };
    selectRunStarter(starter);
    expect(await runStarter()).toBe(starter);
  });

  test('requests runs in the bucket of the environment by default', async () => {
    await expect(runStarter()).rejects.toThrow(ConfigurationError);
    await expect(runStarter()).rejects.toThrow('RUN_REQUESTS_URL');
  });
});
