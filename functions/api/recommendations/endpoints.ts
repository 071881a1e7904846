import type { AnyEndpoint } from '../core/endpoint.ts';
import { listHistoryEndpoint } from './list-history.ts';
import { listRecommendationsEndpoint } from './list-recommendations.ts';
import { readRecommendationEndpoint } from './read-recommendation.ts';
import { readTrackRecordEndpoint } from './read-track-record.ts';

/** The endpoints of the group `recommendations`. */
export const endpoints: readonly AnyEndpoint[] = [
  listRecommendationsEndpoint,
  readRecommendationEndpoint,
  listHistoryEndpoint,
  readTrackRecordEndpoint,
];
