import type { AnyEndpoint } from '../core/endpoint.ts';
import { listBarsEndpoint } from './list-bars.ts';
import { listFacetsEndpoint } from './list-facets.ts';
import { listFeaturesEndpoint } from './list-features.ts';
import { listInstrumentsEndpoint } from './list-instruments.ts';
import { listModelsEndpoint } from './list-models.ts';
import { readHealthEndpoint } from './read-health.ts';
import { readInstrumentEndpoint } from './read-instrument.ts';
import { readActiveModelEndpoint, readModelEndpoint } from './read-model.ts';

/** The endpoints of the group `market`. */
export const endpoints: readonly AnyEndpoint[] = [
  listInstrumentsEndpoint,
  readInstrumentEndpoint,
  listBarsEndpoint,
  listFeaturesEndpoint,
  listFacetsEndpoint,
  listModelsEndpoint,
  readActiveModelEndpoint,
  readModelEndpoint,
  readHealthEndpoint,
];
