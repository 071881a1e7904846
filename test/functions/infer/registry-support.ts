import { createHash } from 'node:crypto';
import type { ReleaseMeasures } from '../../../functions/evaluate/measures.ts';
import { type Manifest, RELEASE_FILES } from '../../../functions/infer/manifest.ts';
import type { OnnxParity } from '../../../functions/infer/onnx-parity.ts';
import type { EvidenceSource } from '../../../functions/infer/release-evidence.ts';
import { MemoryObjects } from './support.ts';

const BODY = Buffer.from('a file');
const FILE = { sha256: createHash('sha256').update(BODY).digest('hex'), bytes: BODY.length };

/** Measures that pass the gate. */
export function passingMeasures() {
  return {
    metrics: {
      ece: { value: 0.01, interval: [0.005, 0.015] },
      e5_rank_ic: { value: 0.03, interval: [0.01, 0.05] },
    },
    parity: { rows: 100_000, scoreMaxAbsDiff: 2e-7, moveMaxAbsDiff: 4e-8 },
    training: { testRows: 200_000 },
  };
}

/** A parity that passes the gate. */
export const ONNX: OnnxParity = { rows: 500, day: '2026-02-27', difference: 4e-7 };

/** Evidence of measures that are those of the manifest, and of a difference from the active model. */
export function evidenceOf(manifest: Manifest, difference?: [low: number, high: number]): EvidenceSource {
  const comparison = difference && {
    rows: 1000,
    value: (difference[0] + difference[1]) / 2,
    interval: difference,
  };
  return async () => ({ measures: manifest.metrics as unknown as ReleaseMeasures, comparison, onnx: ONNX });
}

/** The manifest of a release that passes the gate with {@link evidenceOf} it. */
export function passingManifest(version: string, change: Partial<Manifest> = {}): Manifest {
  return {
    format: 2,
    version,
    trainedAt: '2026-03-01T10:00:00.123456+00:00',
    horizonDays: 20,
    features: ['ret_1d', 'vol_20d'],
    neutralTo: ['ret_1d', 'vol_20d'],
    classes: ['SELL', 'HOLD', 'BUY'],
    baseRates: { SELL: 0.3, HOLD: 0.4, BUY: 0.3 },
    paramsHash: 'abc',
    calibration: { move: { scale: 1, bias: 0 }, direction: { slope: 0.05 }, excess: { slope: 0.001 } },
    files: { 'score.onnx': FILE, 'move.onnx': FILE, 'trees.json': FILE, 'predictions.csv.gz': FILE },
    ...passingMeasures(),
    ...change,
  };
}

/** A store of releases, each in the folder of its version. */
export function storeOf(...manifests: Manifest[]): MemoryObjects {
  const objects = new MemoryObjects();
  for (const manifest of manifests) {
    for (const name of RELEASE_FILES) objects.bodies.set(`${manifest.version}/${name}`, BODY);
    objects.bodies.set(`${manifest.version}/manifest.json`, Buffer.from(JSON.stringify(manifest)));
  }
  return objects;
}
