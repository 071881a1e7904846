import * as z from 'zod';
import { ENV } from '../shared/constants.ts';
import { Batch, type FetchResult, parse } from '../shared/contracts.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { fetchBatch } from './fetch.ts';
import { openProvider } from './providers/open.ts';

const Environment = z.object({ [ENV.rawObjectsUrl]: z.string() });

export async function handler(event: unknown): Promise<FetchResult> {
  const batch = parse('batch', Batch, event);
  const { RAW_OBJECTS_URL } = readEnvironment(Environment);
  return fetchBatch(batch, await openProvider(process.env), openObjects(RAW_OBJECTS_URL));
}
