import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerInstruments } from '../../../functions/ingest/instruments.ts';
import { planRun } from '../../../functions/ingest/plan/plan.ts';
import { BATCH_SIZE, MAX_CONCURRENT_BATCHES } from '../../../functions/shared/constants.ts';
import {
  Batch,
  FeaturesResult,
  FetchResult,
  LoadResult,
  type PlanResult,
} from '../../../functions/shared/contracts.ts';
import { DEFINITION_FILE } from '../../../local/commands/synth-definition.ts';
import { useTestDatabase } from '../../support/database.ts';

/** Hard limits of Step Functions and Lambda. */
const LIMITS = {
  payloadBytes: 262_144,
  historyEvents: 25_000,
  definitionBytes: 1_048_576,
  nameCharacters: 80,
  concurrentChildren: 10_000,
  functionSeconds: 900,
};

const INSTRUMENTS = 10_000;

interface State {
  Type: string;
  TimeoutSeconds?: number;
  Retry?: { MaxAttempts: number }[];
  MaxConcurrency?: number;
  ItemProcessor?: { States: Record<string, State> };
}
const text = readFileSync(DEFINITION_FILE, 'utf8');
const definition = JSON.parse(text) as { States: Record<string, State>; TimeoutSeconds?: number };
const map = definition.States['For each batch'];
const children = Object.values(map?.ItemProcessor?.States ?? {});

/** An execution name of the maximum length. */
const RUN = 'r'.repeat(LIMITS.nameCharacters);

const database = useTestDatabase();
beforeAll(async () => {
  // Symbols of the maximum length, the worst case.
  const listings = Array.from({ length: INSTRUMENTS }, (_, i) => ({
    symbol: `X${String(i).padStart(6, '0')}-WS-USD.`,
  }));
  await registerInstruments(database.client('pipeline'), listings);
});

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const plan = (runId: string, input: object): Promise<PlanResult> =>
  planRun({ runId, input }, database.client('pipeline'), {
    provider: 'yahoo',
    now: new Date('2026-03-10T23:00:00Z'),
  });

describe(`a run of ${INSTRUMENTS} instruments`, () => {
  test('is divided into batches that contain each instrument once', async () => {
    const { batches, instruments } = await plan(RUN, {});
    expect(instruments).toBe(INSTRUMENTS);
    expect(batches).toHaveLength(INSTRUMENTS / BATCH_SIZE);
    expect(new Set(batches.flatMap(({ symbols }) => symbols)).size).toBe(INSTRUMENTS);
    for (const batch of batches) expect(Batch.parse(batch)).toEqual(batch);
  });

  test('keeps the plan within the payload limit in every mode', async () => {
    for (const mode of ['daily', 'backfill', 'intraday'])
      expect(bytes(await plan(RUN.replace(/.$/, mode.charAt(0)), { mode })), mode).toBeLessThan(
        LIMITS.payloadBytes,
      );
  });

  test('keeps the plan of a replay within the payload limit', async () => {
    await plan(RUN, {});
    const replay = await plan('p'.repeat(LIMITS.nameCharacters), { replay: RUN });
    expect(replay.batches).toHaveLength(INSTRUMENTS / BATCH_SIZE);
    expect(bytes(replay)).toBeLessThan(LIMITS.payloadBytes);
  });

  test('keeps the collected results within the payload limit, even with the largest numbers', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const answer = FeaturesResult.parse({ batch: most, features: most, failed: most });
    expect(bytes(Array(INSTRUMENTS / BATCH_SIZE).fill(answer))).toBeLessThan(LIMITS.payloadBytes);
  });

  test('keeps a batch within the payload limit, even if every history was restated', async () => {
    const [batch] = (await plan(RUN, {})).batches;
    if (!batch) throw new Error('no batch');
    const loaded = LoadResult.parse({
      batch: 1,
      bars: 1e9,
      failed: BATCH_SIZE,
      restated: batch.symbols,
      whole: batch,
    });
    expect(bytes({ batch, loaded })).toBeLessThan(LIMITS.payloadBytes / 10);
    expect(bytes(FetchResult.parse({ batch: 1, fetched: 50, failed: 50 }))).toBeLessThan(1000);
  });
});

describe('the definition', () => {
  test('has less than a tenth of the permitted size', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(LIMITS.definitionBytes / 10);
  });

  test('keeps the history of a child execution within the limit, even if every attempt fails', () => {
    expect(children.length).toBeGreaterThan(5);
    expect(events(children)).toBeLessThan(LIMITS.historyEvents);
  });

  test('keeps the history of the parent execution within the limit', () => {
    const own = Object.values(definition.States);
    // A map adds four events: entered, run started, run succeeded or failed, exited.
    expect(events(own) + 4).toBeLessThan(LIMITS.historyEvents);
    expect(map?.MaxConcurrency).toBe(MAX_CONCURRENT_BATCHES);
    expect(MAX_CONCURRENT_BATCHES).toBeLessThanOrEqual(LIMITS.concurrentChildren);
  });

  test('waits longer than each function may run, within the limit of Lambda', () => {
    for (const [name, { Type, TimeoutSeconds = 0 }] of [
      ...Object.entries(definition.States),
      ...Object.entries(map?.ItemProcessor?.States ?? {}),
    ]) {
      if (Type !== 'Task') continue;
      expect(TimeoutSeconds, name).toBeGreaterThan(30);
      expect(TimeoutSeconds - 30, name).toBeLessThanOrEqual(LIMITS.functionSeconds);
    }
  });
});

/** Maximum events of these states: entered, exited, and three for each permitted attempt. */
function events(states: State[]): number {
  return states.reduce((sum, { Retry = [] }) => {
    const attempts = 1 + Retry.reduce((tries, { MaxAttempts }) => tries + MaxAttempts, 0);
    return sum + 2 + attempts * 3;
  }, 2);
}
