import type { Endpoints } from '../core/dispatch.ts';

/** The endpoints of the group `market`. */
export const endpoints: Endpoints = {
  'GET /v1/instruments': async () => (await import('./list-instruments.ts')).listInstrumentsEndpoint,
  'GET /v1/instruments/{symbol}': async () => (await import('./read-instrument.ts')).readInstrumentEndpoint,
  'GET /v1/instruments/{symbol}/bars': async () => (await import('./list-bars.ts')).listBarsEndpoint,
  'GET /v1/instruments/{symbol}/features': async () =>
    (await import('./list-features.ts')).listFeaturesEndpoint,
  'GET /v1/facets': async () => (await import('./list-facets.ts')).listFacetsEndpoint,
  'GET /v1/models': async () => (await import('./list-models.ts')).listModelsEndpoint,
  'GET /v1/models/active': async () => (await import('./read-model.ts')).readActiveModelEndpoint,
  'GET /v1/models/{version}': async () => (await import('./read-model.ts')).readModelEndpoint,
  'GET /v1/health': async () => (await import('./read-health.ts')).readHealthEndpoint,
};
