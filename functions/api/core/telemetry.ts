import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** What is counted of the API beyond what API Gateway counts by itself. */
export type Counted = 'LoginRefused' | 'AttemptThrottled' | 'RefreshTokenReused';

/** Writes lines of the shape that `log` of functions/shared/telemetry.ts gives all others. */
class Lines extends LogFormatter {
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
const level = LEVELS.find((name) => name === process.env.LOG_LEVEL?.toUpperCase()) ?? 'INFO';

/** The log of the API. Never an event, a header or a body: they hold tokens and passwords. */
export const logger = new Logger({ logLevel: level, logFormatter: new Lines() });

/** The metrics of the API, written as lines of the log that CloudWatch reads. */
export const metrics = new Metrics({ namespace: 'Boursomatic', serviceName: 'api' });

/** Outside of Lambda nobody reads such lines, and standard output belongs to the command. */
const isCounted = process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined;

/**
 * Counts something worth an alarm, and writes it down.
 *
 * @param fields - its facts: identifiers, never an e-mail, an address, a password or a token
 */
export function count(what: Counted, fields: Record<string, string | number> = {}): void {
  logger.info(what, fields);
  if (isCounted) metrics.addMetric(what, MetricUnit.Count, 1);
}
