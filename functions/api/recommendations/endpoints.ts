import type { Endpoints } from '../core/dispatch.ts';

/** The endpoints of the group `recommendations`. */
export const endpoints: Endpoints = {
  'GET /v1/recommendations': async () =>
    (await import('./list-recommendations.ts')).listRecommendationsEndpoint,
  'GET /v1/recommendations/{id}': async () =>
    (await import('./read-recommendation.ts')).readRecommendationEndpoint,
  'GET /v1/instruments/{symbol}/recommendations': async () =>
    (await import('./list-history.ts')).listHistoryEndpoint,
  'GET /v1/changes': async () => (await import('./list-changes.ts')).listChangesEndpoint,
  'GET /v1/track-record': async () => (await import('./read-track-record.ts')).readTrackRecordEndpoint,
  'GET /v1/track-record/calls': async () => (await import('./list-calls.ts')).listCallsEndpoint,
  'GET /v1/track-record.csv': async () =>
    (await import('./export-track-record.ts')).exportTrackRecordEndpoint,
  'GET /v1/publications': async () => (await import('./list-publications.ts')).listPublicationsEndpoint,
  'GET /v1/publications/{id}': async () => (await import('./read-publication.ts')).readPublicationEndpoint,
};
