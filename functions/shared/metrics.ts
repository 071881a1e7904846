/** Names of the project's own metrics, which a function writes and alarms read. Free of any SDK. */
export const METRICS_NAMESPACE = 'Boursomatic';

/** The one dimension: the stage. */
export const STAGE_DIMENSION = 'Stage';

/** Metrics, by the vital sign that each is. */
export const METRICS = {
  hoursSinceRun: 'HoursSinceRun',
  failedShare: 'FailedShare',
  recommendationAge: 'RecommendationAgeHours',
} as const;
