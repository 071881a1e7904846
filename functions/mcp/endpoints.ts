import type { AnyEndpoint } from '../api/core/endpoint.ts';

/** The endpoints that tools call, by operation id. Each is loaded by its first call. */
export const ENDPOINTS = {
  listRecommendations: async () =>
    (await import('../api/recommendations/list-recommendations.ts')).listRecommendationsEndpoint,
  readRecommendation: async () =>
    (await import('../api/recommendations/read-recommendation.ts')).readRecommendationEndpoint,
  listInstrumentRecommendations: async () =>
    (await import('../api/recommendations/list-history.ts')).listHistoryEndpoint,
  listChanges: async () => (await import('../api/recommendations/list-changes.ts')).listChangesEndpoint,
  readTrackRecord: async () =>
    (await import('../api/recommendations/read-track-record.ts')).readTrackRecordEndpoint,
  readWatchlist: async () => (await import('../api/account/watchlist/endpoints.ts')).readWatchlistEndpoint,
  followInstrument: async () => (await import('../api/account/watchlist/endpoints.ts')).followEndpoint,
  unfollowInstrument: async () => (await import('../api/account/watchlist/endpoints.ts')).unfollowEndpoint,
} satisfies Record<string, () => Promise<AnyEndpoint>>;
