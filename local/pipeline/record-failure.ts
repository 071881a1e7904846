import { ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from 'cockatiel';
import { handler as finish } from '../../functions/ingest/finish.lambda.ts';
import {
  CommitOutcomeUnknownError,
  DatabaseUnreachableError,
  DriverResultError,
} from '../../functions/shared/errors.ts';
import { log } from '../../functions/shared/telemetry.ts';

/** As often as the state machine retries a step. */
const retries = retry(
  handleWhen(
    (error) =>
      error instanceof DatabaseUnreachableError ||
      error instanceof CommitOutcomeUnknownError ||
      error instanceof DriverResultError,
  ),
  {
    maxAttempts: 4,
    backoff: new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: 2_000,
      maxDelay: 60_000,
    }),
  },
);

/**
 * Records a run's failure in the ledger. On AWS, EventBridge sends the same event to the same function. If the ledger
 * cannot record it, the next start closes the run.
 */
export async function recordFailure(runId: string, failure: unknown): Promise<void> {
  const { name, message } = failure instanceof Error ? failure : new Error(String(failure));
  const event = {
    'detail-type': 'Step Functions Execution Status Change',
    detail: { name: runId, status: 'FAILED', error: name, cause: message, stopDate: Date.now() },
  };
  await retries
    .execute(() => finish(event))
    .catch((error: unknown) =>
      log('error', 'the failure of a run is not in the ledger', {
        runId,
        error: error instanceof Error ? error.message : typeof error,
      }),
    );
}
