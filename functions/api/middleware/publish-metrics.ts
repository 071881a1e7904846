import type { Metrics } from '@aws-lambda-powertools/metrics';
import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';

/**
 * Publishes what a request counted. Powertools' own middleware also goes to work where nothing was, which is nearly
 * always, and takes as long for it as all that an answer otherwise goes through.
 */
export function publishMetrics(metrics: Metrics): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  const publish = () => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { name: 'publish-metrics', after: publish, onError: publish };
}
