import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ModelError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/object-store.ts';

/** Files of a release other than its manifest. */
export const RELEASE_FILES = ['classifier.onnx', 'regressor.onnx', 'trees.json'] as const;
export type ReleaseFile = (typeof RELEASE_FILES)[number];

const Triple = z.tuple([z.number(), z.number(), z.number()]);
const Share = z.number().gt(0).lt(1);

/** Measures of any shape with finite numbers. JSON.parse reads 1e999 as Infinity. */
const Measures = z.record(z.string(), z.unknown()).superRefine((measures, context) => {
  const left: { value: unknown; path: string[] }[] = [{ value: measures, path: [] }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      context.addIssue({ code: 'custom', path, message: `is ${value}, not a finite number` });
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) left.push({ value: inner, path: [...path, key] });
  }
});

const FileEntry = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().positive() });

/** A release's manifest, as training/ writes it. Other keys are for people and pass unchecked. */
export const Manifest = z.looseObject({
  version: z.string().regex(/^v\d+\.\d+\.\d+$/),
  trainedAt: z.iso.datetime({ offset: true }),
  horizonDays: z.int().positive(),
  features: z
    .array(z.string())
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'names a feature twice'),
  classes: z.tuple([z.literal('SELL'), z.literal('HOLD'), z.literal('BUY')]),
  /** Share of each class among the training rows, which a call's probability must exceed. */
  baseRates: z.strictObject({ SELL: Share, HOLD: Share, BUY: Share }),
  paramsHash: z.string().min(1),
  calibration: z.object({ method: z.literal('vector-scaling'), scale: Triple, bias: Triple }),
  metrics: Measures,
  /** Differences between ONNX and LightGBM on real rows. The gate requires it and judges its contents. */
  parity: Measures.optional(),
  /** The training and test data. */
  training: Measures.optional(),
  files: z.object({
    'classifier.onnx': FileEntry,
    'regressor.onnx': FileEntry,
    'trees.json': FileEntry,
  }),
});
export type Manifest = z.output<typeof Manifest>;

/** A release whose files match its manifest. */
export interface Release {
  manifest: Manifest;
  files: Record<ReleaseFile, Uint8Array>;
}

/**
 * Reads a release and checks every file against its manifest.
 *
 * @param path - the folder of the release within the store
 * @throws ModelError naming the file that is missing or malformed, or differs from the manifest
 */
export async function readRelease(objects: ObjectReader, path: string): Promise<Release> {
  const manifest = parseManifest(await readFile(objects, path, 'manifest.json'), path);
  const files = {} as Record<ReleaseFile, Uint8Array>;
  for (const name of RELEASE_FILES) {
    const body = await readFile(objects, path, name);
    const sha256 = createHash('sha256').update(body).digest('hex');
    if (sha256 !== manifest.files[name].sha256) {
      throw new ModelError(
        `model ${path}/${name}: is not the file that the manifest names (sha256 ${sha256.slice(0, 12)}…)`,
      );
    }
    files[name] = body;
  }
  return { manifest, files };
}

async function readFile(objects: ObjectReader, path: string, name: string): Promise<Uint8Array> {
  const body = await objects.get(`${path}/${name}`);
  if (!body) throw new ModelError(`model ${path}/${name}: is missing`);
  return body;
}

function parseManifest(body: Uint8Array, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new ModelError(`model ${path}/manifest.json: is not JSON`, { cause });
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ModelError(`model ${path}/manifest.json: ${faults.join('; ')}`);
}
