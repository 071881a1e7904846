import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Predictions, readPredictions, writePredictions } from '../../../functions/infer/predictions.ts';
import { ModelError } from '../../../functions/shared/errors.ts';
import { MemoryObjects } from './support.ts';

const PREDICTIONS: Predictions = {
  modelVersionId: '0190a3c2-7b1c-7d4e-8f00-000000000001',
  modelVersion: 'v1.0.0',
  horizonDays: 20,
  baseRates: [0.3, 0.4, 0.3],
  instruments: [
    {
      instrumentId: '0190a3c2-7b1c-7d4e-8f00-000000000002',
      symbol: 'BRK-B',
      asOf: '2026-03-02T00:00:00.000Z',
      universe: { day: '2026-02-27', stocks: 500 },
      probabilities: [0.2, 0.5, 0.3],
      score: 2.1,
      place: 0.01,
      expectedExcess: -0.0123,
      contributions: { ret_1d: -0.0163 },
      inputs: { close_price: 412.5, ret_1d: -0.02 },
    },
  ],
};

describe('predictions', () => {
  test('are read as they were written', async () => {
    const objects = new MemoryObjects();
    const key = await writePredictions(objects, 'run-1', PREDICTIONS);
    expect(await readPredictions(objects, key)).toEqual(PREDICTIONS);
  });

  test('are one compressed object per run', async () => {
    const objects = new MemoryObjects();
    expect(await writePredictions(objects, 'run-1', PREDICTIONS)).toBe('scores/run-1.json.gz');
    await writePredictions(objects, 'run-1', { ...PREDICTIONS, instruments: [] });
    expect([...objects.bodies.keys()]).toEqual(['scores/run-1.json.gz']);
    const body = objects.bodies.get('scores/run-1.json.gz') ?? new Uint8Array();
    expect(JSON.parse(gunzipSync(body).toString())).toEqual({ ...PREDICTIONS, instruments: [] });
  });

  test('are named in the error if they are missing', async () => {
    const reading = readPredictions(new MemoryObjects(), 'scores/run-9.json.gz');
    await expect(reading).rejects.toThrow(
      new ModelError('predictions scores/run-9.json.gz are missing; run Infer again'),
    );
    await expect(reading).rejects.toBeInstanceOf(ModelError);
  });

  test('are rejected with an unknown key', async () => {
    const objects = new MemoryObjects();
    const key = await writePredictions(objects, 'run-1', { ...PREDICTIONS, extra: 1 } as Predictions);
    await expect(readPredictions(objects, key)).rejects.toThrow(/extra/);
  });
});
