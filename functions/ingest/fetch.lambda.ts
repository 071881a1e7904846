import { z } from 'zod';
import { ENV } from '../shared/constants.ts';
import { Batch, type FetchResult, parse } from '../shared/contracts.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { fetchBatch } from './fetch.ts';
import { openProvider } from './providers/index.ts';
import { ProviderEnvironment, providerOptions } from './providers/options.ts';

const Environment = ProviderEnvironment.extend({ [ENV.rawObjectsUrl]: z.string() });

export async function handler(event: unknown): Promise<FetchResult> {
  const batch = parse('batch', Batch, event);
  const environment = readEnvironment(Environment);
  const provider = await openProvider(providerOptions(environment));
  return fetchBatch(batch, provider, openObjects(environment.RAW_OBJECTS_URL));
}
