import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readScores, type Scores, writeScores } from '../../../functions/infer/predictions.ts';
import { ModelError } from '../../../functions/shared/errors.ts';
import { MemoryObjects } from './support.ts';

const SCORES: Scores = {
  modelVersionId: '0190a3c2-7b1c-7d4e-8f00-000000000001',
  modelVersion: 'v1.0.0',
  horizonDays: 20,
  baseRates: [0.3, 0.4, 0.3],
  instruments: [
    {
      instrumentId: '0190a3c2-7b1c-7d4e-8f00-000000000002',
      symbol: 'BRK-B',
      asOf: '2026-03-02T00:00:00.000Z',
      probabilities: [0.2, 0.5, 0.3],
      expectedReturn: -0.0123,
      baseReturn: 0.004,
      contributions: { ret_1d: -0.0163 },
      inputs: { close_price: 412.5, ret_1d: -0.02 },
    },
  ],
};

describe('scores', () => {
  test('come back as they were written', async () => {
    const objects = new MemoryObjects();
    const key = await writeScores(objects, 'run-1', SCORES);
    expect(await readScores(objects, key)).toEqual(SCORES);
  });

  test('are one compressed object a run', async () => {
    const objects = new MemoryObjects();
    expect(await writeScores(objects, 'run-1', SCORES)).toBe('scores/run-1.json.gz');
    await writeScores(objects, 'run-1', { ...SCORES, instruments: [] });
    expect([...objects.bodies.keys()]).toEqual(['scores/run-1.json.gz']);
    const body = objects.bodies.get('scores/run-1.json.gz') ?? new Uint8Array();
    expect(JSON.parse(gunzipSync(body).toString())).toEqual({ ...SCORES, instruments: [] });
  });

  test('that are missing are named', async () => {
    const reading = readScores(new MemoryObjects(), 'scores/run-9.json.gz');
    await expect(reading).rejects.toThrow(
      new ModelError('scores scores/run-9.json.gz: are missing; run Infer again'),
    );
    await expect(reading).rejects.toBeInstanceOf(ModelError);
  });

  test('with a key that Publish does not know are refused', async () => {
    const objects = new MemoryObjects();
    const key = await writeScores(objects, 'run-1', { ...SCORES, extra: 1 } as Scores);
    await expect(readScores(objects, key)).rejects.toThrow(/extra/);
  });
});
