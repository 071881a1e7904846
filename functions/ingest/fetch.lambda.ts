import { z } from 'zod';
import { ENV, PROVIDERS } from '../shared/constants.ts';
import { Batch, type FetchResult, parse } from '../shared/contracts.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { fetchBatch } from './fetch.ts';
import { openProvider } from './providers/index.ts';

const Environment = z.object({
  [ENV.provider]: z.enum(PROVIDERS),
  [ENV.barsFile]: z.string().optional(),
  [ENV.yahooOrigin]: z.url().optional(),
  [ENV.rawObjectsUrl]: z.string(),
});

export async function handler(event: unknown): Promise<FetchResult> {
  const batch = parse('batch', Batch, event);
  const environment = readEnvironment(Environment);
  const provider = await openProvider({
    provider: environment.PROVIDER,
    barsFile: environment.BARS_FILE,
    yahooOrigin: environment.YAHOO_ORIGIN,
  });
  return fetchBatch(batch, provider, openObjects(environment.RAW_OBJECTS_URL));
}
