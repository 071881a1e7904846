import type { Endpoints } from '../core/dispatch.ts';

/** The endpoints of the group `replay`. */
export const endpoints: Endpoints = {
  'GET /v1/recommendations/{id}/replay': async () =>
    (await import('./replay-recommendation.ts')).replayRecommendationEndpoint,
};
