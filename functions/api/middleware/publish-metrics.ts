import type { Metrics } from '@aws-lambda-powertools/metrics';
import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';

/**
 * Publishes the metrics of a request, if there are any. Most requests have none, and Powertools' own middleware then
 * takes as long as all other middleware together.
 */
export function publishMetrics(metrics: Metrics): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  const publish = () => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { name: 'publish-metrics', after: publish, onError: publish };
}
