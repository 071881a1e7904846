import { hash } from 'node:crypto';
import * as z from 'zod';
import { ModelError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { valueAt } from '../shared/value-at.ts';

/** Files of a release that a model is loaded from. */
export const SERVING_FILES = ['score.onnx', 'move.onnx', 'trees.json'] as const;
export type ServingFile = (typeof SERVING_FILES)[number];

/** The out-of-sample predictions that a release's metrics are computed from. A release may lack them. */
export const PREDICTIONS_FILE = 'predictions.csv.gz';

/** Files of a release other than its manifest. */
export const RELEASE_FILES = [...SERVING_FILES, PREDICTIONS_FILE] as const;
export type ReleaseFile = (typeof RELEASE_FILES)[number];

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

/** The format of releases that this version reads (docs/adr/0042). */
const FORMAT = 2;

/** A release's manifest, as training/ writes it. Other keys are for people and pass unchecked. */
export const Manifest = z
  .looseObject({
    format: z.literal(FORMAT),
    version: z.string().regex(/^v\d+\.\d+\.\d+$/),
    trainedAt: z.iso.datetime({ offset: true }),
    horizonDays: z.int().positive(),
    features: z
      .array(z.string())
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'names a feature twice'),
    /** The two features that the score is made neutral to within each day. */
    neutralTo: z.tuple([z.string(), z.string()]),
    classes: z.tuple([z.literal('SELL'), z.literal('HOLD'), z.literal('BUY')]),
    /** Share of each class among the training rows. */
    baseRates: z.strictObject({ SELL: Share, HOLD: Share, BUY: Share }),
    paramsHash: z.string().min(1),
    /** Slopes are at least 0, so that a better score never means a worse expectation. */
    calibration: z.object({
      move: z.object({ scale: z.number(), bias: z.number() }),
      direction: z.object({ slope: z.number().nonnegative() }),
      excess: z.object({ slope: z.number().nonnegative() }),
    }),
    metrics: Measures,
    /** Differences between ONNX and LightGBM on real rows. The gate requires it and judges its contents. */
    parity: Measures.optional(),
    /** The training and test data. */
    training: Measures.optional(),
    files: z.object({
      'score.onnx': FileEntry,
      'move.onnx': FileEntry,
      'trees.json': FileEntry,
      [PREDICTIONS_FILE]: FileEntry.optional(),
    }),
  })
  .refine(({ features, neutralTo }) => neutralTo.every((name) => features.includes(name)), {
    path: ['neutralTo'],
    message: 'names no feature',
  });
export type Manifest = z.output<typeof Manifest>;

/** Files of a release that match its manifest. */
export interface Release {
  manifest: Manifest;
  /** SHA-256 of the manifest's bytes. The manifest has that of each other file, so it stands for the whole release. */
  sha256: string;
  files: Record<ServingFile, Uint8Array> & { [PREDICTIONS_FILE]?: Uint8Array | undefined };
}

/** The release has a format that this version cannot load. */
export class ReleaseFormatError extends ModelError {}

/** A file of the release is not in the store. */
export class ReleaseMissingError extends ModelError {}

/** The base rates of SELL, HOLD and BUY. */
export function baseRatesOf({ baseRates }: Pick<Manifest, 'baseRates'>): [number, number, number] {
  return [baseRates.SELL, baseRates.HOLD, baseRates.BUY];
}

/** The files that a manifest names, in the order in which they are copied. */
export function filesOf({ files }: Pick<Manifest, 'files'>): ReleaseFile[] {
  return RELEASE_FILES.filter((name) => files[name] !== undefined);
}

/** Reads a whole release; see {@link readFiles}. */
export function readRelease(objects: ObjectReader, path: string): Promise<Release> {
  return readFiles(objects, path, RELEASE_FILES);
}

/**
 * Reads and checks the manifest of a release alone.
 *
 * @throws ModelError if it is missing or malformed; ReleaseFormatError, which is a ModelError, if it has another format
 */
export async function readManifest(objects: ObjectReader, path: string): Promise<Manifest> {
  return (await readParsed(objects, path)).manifest;
}

async function readParsed(objects: ObjectReader, path: string): Promise<Omit<Release, 'files'>> {
  const body = await readFile(objects, path, 'manifest.json');
  return { manifest: parseManifest(body, path), sha256: hash('sha256', body) };
}

/**
 * Reads files of a release and checks them against its manifest. Predictions that it does not name are left out.
 *
 * @param path - the folder of the release within the store
 * @throws ModelError naming the file that is malformed or differs from the manifest; ReleaseMissingError if a file is
 *   missing, and ReleaseFormatError if the release has another format
 */
export async function readFiles(
  objects: ObjectReader,
  path: string,
  names: readonly ReleaseFile[],
): Promise<Release> {
  const { manifest, sha256: manifestSha256 } = await readParsed(objects, path);
  const files = {} as Release['files'];
  for (const name of names) {
    const expected = manifest.files[name];
    if (!expected) continue;
    const body = await readFile(objects, path, name);
    const sha256 = hash('sha256', body);
    if (sha256 !== expected.sha256) {
      throw new ModelError(
        `model ${path}/${name}: is not the file that the manifest names (sha256 ${sha256.slice(0, 12)}…)`,
      );
    }
    files[name] = body;
  }
  return { manifest, sha256: manifestSha256, files };
}

async function readFile(objects: ObjectReader, path: string, name: string): Promise<Uint8Array> {
  const body = await objects.get(`${path}/${name}`);
  if (!body) throw new ReleaseMissingError(`model ${path}/${name}: is missing`);
  return body;
}

function parseManifest(body: Uint8Array, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new ModelError(`model ${path}/manifest.json: is not JSON`, { cause });
  }
  // Releases of format 1 name no format.
  const format = valueAt(value, ['format']) ?? 1;
  if (format !== FORMAT) {
    throw new ReleaseFormatError(
      `model ${path}/manifest.json: is of release format ${String(format)}, which this version cannot load; ` +
        `train a release of format ${FORMAT}`,
    );
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ModelError(`model ${path}/manifest.json: ${faults.join('; ')}`);
}
