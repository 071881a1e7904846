/** Namespace of the metrics that functions write and alarms read. This file imports no SDK. */
export const METRICS_NAMESPACE = 'Boursomatic';

/** The only dimension of the metrics. */
export const STAGE_DIMENSION = 'Stage';

/** Names of the metrics, by vital sign. */
export const METRICS = {
  hoursSinceRun: 'HoursSinceRun',
  failedShare: 'FailedShare',
  recommendationAge: 'RecommendationAgeHours',
  erasureFailed: 'ErasureFailed',
  undeliveredMinutes: 'UndeliveredMinutes',
} as const;

/** Names of the events that the API counts. */
export const API_METRICS = ['LoginRefused', 'AttemptThrottled', 'RefreshTokenReused'] as const;
