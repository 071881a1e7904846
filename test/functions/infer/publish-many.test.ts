import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { registerInstruments } from '../../../functions/ingest/instruments.ts';
import { PIPELINE_STEPS } from '../../../lib/state-machines/pipeline-steps.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedModel, seedRun } from './support.ts';

const PROGRAM = fileURLToPath(new URL('publish-many.ts', import.meta.url));
const INSTRUMENTS = 10_000;

const db = useTestDatabase();

test(`publishes ${INSTRUMENTS} instruments within the memory of its function`, async () => {
  const listings = Array.from({ length: INSTRUMENTS }, (_, i) => ({ symbol: `S${i}` }));
  await registerInstruments(db.client('pipeline'), listings);
  const model = await seedModel(db.sql);
  await seedRun(db.sql, 'run-1');
  const memoryMiB = PIPELINE_STEPS.publish.memoryMiB;
  // Lambda counts the whole process. Node gives the heap about three quarters of a function's memory.
  const heap = `--max-old-space-size=${Math.floor(memoryMiB * 0.75)}`;
  const objects = pathToFileURL(`${db.objects}/`).href;
  const run = (...more: string[]) =>
    promisify(execFile)(process.execPath, [
      heap,
      PROGRAM,
      db.url('pipeline'),
      objects,
      'run-1',
      model,
      ...more,
    ]);
  await run('--write');
  const { activated, copies, peakMb } = JSON.parse((await run()).stdout);
  expect(activated).toBe(INSTRUMENTS * 3);
  expect(copies).toBe(1);
  expect(peakMb).toBeLessThan(memoryMiB);
}, 240_000);
