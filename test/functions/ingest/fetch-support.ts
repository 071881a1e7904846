import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, vi } from 'vitest';
import { readRaw } from '../../../functions/ingest/raw.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { batchOf } from './support.ts';

/** A new folder for each test, with its objects, on the evening after the week of `batchOf`. */
export let folder: string;
export let objects: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-fetch-'));
  objects = openObjects(pathToFileURL(folder).href);
  vi.stubEnv('CLOCK', '2026-03-06T23:30:00Z');
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** The raw record of an instrument. */
export const record = (symbol: string, batch = batchOf()) => readRaw(objects, batch, symbol);
