import { createHash } from 'node:crypto';
import { type Manifest, RELEASE_FILES } from '../../../functions/infer/manifest.ts';
import { MemoryObjects } from './support.ts';

const BODY = Buffer.from('a file');
const FILE = { sha256: createHash('sha256').update(BODY).digest('hex'), bytes: BODY.length };

/** Measures that pass the gate, compared with an active version if one is given. */
export function passingMeasures(incumbent?: string, rankIc = 0.03) {
  return {
    metrics: {
      ece: 0.01,
      log_loss: 1.05,
      rank_ic: rankIc,
      rank_icir: rankIc * 10,
      intervals: { rank_ic: [rankIc - 0.02, rankIc + 0.02] },
      baselines: {
        majority_class: { log_loss: 1.09 },
        momentum_12_1: { rank_icir: 0.1 },
        short_term_reversal: { rank_icir: 0.05 },
      },
      ...(incumbent ? { incumbent: { version: incumbent, rank_icir: 0.2, log_loss: 1.06 } } : {}),
    },
    parity: { rows: 100_000, classifierMaxAbsDiff: 2e-7, regressorMaxAbsDiff: 4e-8, labelFlips: 0 },
    training: { testRows: 200_000 },
  };
}

/** The manifest of a release that passes the gate, compared with an active version if one is given. */
export function passingManifest(
  version: string,
  incumbent?: string,
  change: Partial<Manifest> = {},
): Manifest {
  return {
    version,
    trainedAt: '2026-03-01T10:00:00.123456+00:00',
    horizonDays: 20,
    features: ['ret_1d'],
    classes: ['SELL', 'HOLD', 'BUY'],
    baseRates: { SELL: 0.3, HOLD: 0.4, BUY: 0.3 },
    paramsHash: 'abc',
    calibration: { method: 'vector-scaling', scale: [1, 1, 1], bias: [0, 0, 0] },
    files: { 'classifier.onnx': FILE, 'regressor.onnx': FILE, 'trees.json': FILE },
    ...passingMeasures(incumbent),
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

/** A manifest that passes against v0.9.0, with the value at a path replaced, or removed if undefined. */
export function withValue(path: string, value: unknown): Manifest {
  const manifest = structuredClone(passingManifest('v1.0.0', 'v0.9.0')) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let inner = manifest;
  for (const key of keys) inner = inner[key] as Record<string, unknown>;
  if (value === undefined) delete inner[last];
  else inner[last] = value;
  return manifest as Manifest;
}
