import { createHash } from 'node:crypto';
import { Measurement } from '../../../functions/evaluate/measures.ts';
import { OutcomeTables } from '../../../functions/evaluate/outcomes.ts';
import { parsePredictions } from '../../../functions/evaluate/predictions-file.ts';
import type { ReleaseEvidence } from '../../../functions/infer/gate.ts';
import { type Manifest, PREDICTIONS_FILE } from '../../../functions/infer/manifest.ts';
import { FIXTURE, FIXTURE_PREDICTIONS, FIXTURE_RULE, fixtureMarket } from '../evaluate/measures-support.ts';
import { ONNX, passingManifest } from './registry-support.ts';

/** The manifest of a release with the fixture's predictions and the measures that training made of them. */
export function measuredManifest(
  version = 'v1.0.0',
  { predictions = FIXTURE_PREDICTIONS, change = {} }: { predictions?: Uint8Array; change?: object } = {},
): Manifest {
  const { files } = passingManifest(version);
  const sha256 = createHash('sha256').update(predictions).digest('hex');
  return {
    ...passingManifest(version),
    format: 2,
    shortHorizonDays: FIXTURE_RULE.shortHorizonDays,
    label: {
      kind: 'cross-sectional-neutral',
      tail: FIXTURE_RULE.tail,
      volatilityFeature: FIXTURE_RULE.volatilityFeature,
      exposures: FIXTURE_RULE.exposures,
    },
    metrics: structuredClone(FIXTURE.metrics),
    parity: { rows: 100_000, scoreMaxAbsDiff: 1e-6, moveMaxAbsDiff: 1e-7, thresholdRows: 0 },
    training: { testRows: 200_000, universeSize: null },
    files: { ...files, [PREDICTIONS_FILE]: { sha256, bytes: predictions.length } },
    ...change,
  } as Manifest;
}

/** What the gate measures on the fixture's predictions and bars. */
export function fixtureEvidence(): Extract<ReleaseEvidence, { fault?: undefined }> {
  const tables = new OutcomeTables(fixtureMarket(), FIXTURE_RULE);
  const measurement = new Measurement();
  for (const predicted of parsePredictions(FIXTURE_PREDICTIONS)) {
    const measured = tables.measured(predicted);
    if ('unknown' in measured) throw new Error(`${measured.unknown} rows of ${predicted.day} are unknown`);
    measurement.addDay(measured);
  }
  return { measures: measurement.result(FIXTURE_RULE.horizonDays), comparison: undefined, onnx: ONNX };
}

/** A copy of a value with a nested value replaced, or removed if undefined. */
export function changed<T extends object>(value: T, path: string, by: unknown): T {
  const copy = structuredClone(value) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let inner = copy;
  for (const key of keys) inner = inner[key] as Record<string, unknown>;
  if (by === undefined) delete inner[last];
  else inner[last] = by;
  return copy as T;
}
