import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Installation } from '../installation/installation.ts';
import { replaceFile } from '../installation/local-secrets.ts';

const Instant = z.iso.datetime().transform((text) => new Date(text));

const Retraining = z.looseObject({
  startedAt: Instant,
  /** Absent while it runs, and after a process that was killed. */
  endedAt: Instant.optional(),
  /** Absent if it failed. */
  version: z.string().optional(),
  promoted: z.boolean().optional(),
  /** The verdict of the gate, or why it failed. */
  reason: z.string().optional(),
});
/** A retraining of a database. */
export type Retraining = z.output<typeof Retraining>;

/** Next to the releases, so that each database has its own. */
const path = ({ objects }: Pick<Installation, 'objects'>) => join(objects, 'retraining.json');

/** Reads the latest retraining of an installation's database; undefined without one, and for a damaged file. */
export async function readLastRetraining(
  installation: Pick<Installation, 'objects'>,
): Promise<Retraining | undefined> {
  try {
    return Retraining.parse(JSON.parse(await readFile(path(installation), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Stores the latest retraining of an installation's database. */
export async function recordRetraining(
  installation: Pick<Installation, 'objects'>,
  retraining: Retraining,
): Promise<void> {
  await mkdir(installation.objects, { recursive: true });
  await replaceFile(path(installation), `${JSON.stringify(retraining, undefined, 2)}\n`);
}
