import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { API_METRICS } from '../../shared/metrics.ts';

/** The API's own metrics, besides those of API Gateway. */
export type Counted = (typeof API_METRICS)[number];

/** Formats lines as `log` of functions/shared/telemetry.ts does. */
class SharedFormat extends LogFormatter {
  override formatAttributes(base: UnformattedAttributes, fields: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        level: base.logLevel.toLowerCase(),
        event: base.message,
        time: base.timestamp.toISOString(),
        invocationId: base.lambdaContext?.awsRequestId,
        coldStart: base.lambdaContext?.coldStart,
        traceId: base.xRayTraceId,
        ...fields,
      },
    });
  }
}

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;

/** The API's log. Never log an event, a header or a body: they contain tokens and passwords. */
export const logger = new Logger({ logFormatter: new SharedFormat() });

/** Applies LOG_LEVEL to the log. Each request calls it, because a command may set the variable after this module loads. */
export function applyLogLevel(): void {
  logger.setLogLevel(LEVELS.find((name) => name === process.env.LOG_LEVEL?.toUpperCase()) ?? 'INFO');
}

/** The API's metrics, which CloudWatch extracts from log lines. */
export const metrics = new Metrics({ namespace: 'Boursomatic', serviceName: 'api' });

/** Outside Lambda nothing reads metric lines, and they would mix with a command's output. */
const isCounted = process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined;

/**
 * Counts an event that may need an alarm, and logs it.
 *
 * @param fields - identifiers; never an e-mail address, an IP address, a password or a token
 */
export function count(event: Counted, fields: Record<string, string | number> = {}): void {
  logger.info(event, fields);
  if (isCounted) metrics.addMetric(event, MetricUnit.Count, 1);
}
