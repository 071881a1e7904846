import type { AnyTool } from './tool.ts';
import { explainRecommendation } from './tools/explain-recommendation.ts';
import { listChanges } from './tools/list-changes.ts';
import { listRecommendations } from './tools/list-recommendations.ts';
import { recommendationHistory } from './tools/recommendation-history.ts';
import { trackRecord } from './tools/track-record.ts';
import { follow, unfollow, watchlist } from './tools/watchlist.ts';

/** All tools, in the order of the list that assistants see. */
export const TOOLS: readonly AnyTool[] = [
  listRecommendations,
  explainRecommendation,
  recommendationHistory,
  listChanges,
  trackRecord,
  watchlist,
  follow,
  unfollow,
];
