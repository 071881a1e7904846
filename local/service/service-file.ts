import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defined } from '../../functions/shared/invariant.ts';
import { replaceFile } from '../installation/local-secrets.ts';
import { processMark } from '../installation/process-mark.ts';

/** The file by which other commands find the service of a data folder. Only its owner can read it. */
const FILE = 'service.json';

const ServiceFile = z.strictObject({
  pid: z.int().positive(),
  /** When the process started: another program may have its pid later. */
  mark: z.string(),
  /** The address of the service's control. */
  url: z.url(),
  /** The bearer token that the control requires. */
  token: z.string(),
  /** The database that the service works on. */
  database: z.string(),
  /** The address of the API and the page on this machine; files of earlier versions have none. */
  api: z.url().optional(),
});
export type RunningService = z.output<typeof ServiceFile>;

/**
 * Announces this process as the service of a data folder, which it owns.
 *
 * @returns a function that withdraws the announcement
 */
export async function announceService(
  dataDir: string,
  service: Pick<RunningService, 'url' | 'token' | 'database' | 'api'>,
): Promise<() => Promise<void>> {
  const mark = defined(await processMark(process.pid), 'start of this process');
  await replaceFile(join(dataDir, FILE), JSON.stringify({ pid: process.pid, mark, ...service }));
  return () => withdrawService(dataDir);
}

/** Removes the announcement of a service that has ended. The caller owns the data folder. */
export async function withdrawService(dataDir: string): Promise<void> {
  await rm(join(dataDir, FILE), { force: true });
}

/** The service that runs on a data folder; undefined if there is none, or its process was killed. */
export async function findService(dataDir: string): Promise<RunningService | undefined> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => '');
  const { data: service } = ServiceFile.safeParse(asJson(text));
  return service && (await processMark(service.pid)) === service.mark ? service : undefined;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
