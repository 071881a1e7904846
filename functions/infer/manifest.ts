import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ModelError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/object-store.ts';

/** Files of a release beside its manifest. */
export const RELEASE_FILES = ['classifier.onnx', 'regressor.onnx', 'trees.json'] as const;
export type ReleaseFile = (typeof RELEASE_FILES)[number];

const Triple = z.tuple([z.number(), z.number(), z.number()]);
const Share = z.number().gt(0).lt(1);

/** Measures of any shape, every number in them finite: 1e999 is Infinity to JSON.parse. */
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

/** A release's manifest, as training/ writes it. Keys that only people read are let through unread. */
export const Manifest = z.looseObject({
  version: z.string().regex(/^v\d+\.\d+\.\d+$/),
  trainedAt: z.iso.datetime({ offset: true }),
  horizonDays: z.int().positive(),
  features: z
    .array(z.string())
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'names a feature twice'),
  classes: z.tuple([z.literal('SELL'), z.literal('HOLD'), z.literal('BUY')]),
  /** Share of each class among the training rows: what a call must beat to say anything. */
  baseRates: z.strictObject({ SELL: Share, HOLD: Share, BUY: Share }),
  paramsHash: z.string().min(1),
  calibration: z.object({ method: z.literal('vector-scaling'), scale: Triple, bias: Triple }),
  metrics: Measures,
  /** How far ONNX is from LightGBM on real rows. The gate judges what is in it, and whether it is there. */
  parity: Measures.optional(),
  /** What it was trained and tested on. */
  training: Measures.optional(),
  files: z.object({
    'classifier.onnx': FileEntry,
    'regressor.onnx': FileEntry,
    'trees.json': FileEntry,
  }),
});
export type Manifest = z.output<typeof Manifest>;

/** A release that is what its manifest says. */
export interface Release {
  manifest: Manifest;
  files: Record<ReleaseFile, Uint8Array>;
}

/**
 * Reads a release and checks every file against its manifest.
 *
 * @param path - the folder of the release within the store
 * @throws ModelError naming the file that is missing, malformed, or not what the manifest says
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
