import assert from 'node:assert/strict';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { runToSuccess, startExecution, waitForEnd } from '../executions.ts';
import { readLedger, waitForFailure, waitForStatus } from '../ledger.ts';
import { NotShown, type Step, type TestBed } from '../test-bed.ts';

/** Makes Load fail with a database error, which fails the whole batch. */
const SABOTAGE = `
  CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'disk of the emulator test is full'; END $$;
  CREATE TRIGGER sabotage BEFORE INSERT ON instrument_fetches FOR EACH ROW EXECUTE FUNCTION sabotage();`;
const REPAIR = 'DROP TRIGGER sabotage ON instrument_fetches; DROP FUNCTION sabotage();';

const BACKFILL = { mode: 'backfill' };

/** The event of a failed execution reaches the ledger. A repaired run then succeeds under another id. */
export const failureRecorded: Step = {
  title: 'a failed batch fails its run, the event records the cause, and a new execution repeats the run',
  run: async (bed) => {
    await sabotaged(bed, async () => {
      const { status, error } = await waitForEnd(bed, await startExecution(bed, BACKFILL, 'fails-first'));
      assert.equal(status, 'FAILED');
      assert.equal(error, 'States.ExceedToleratedFailureThreshold');
    });
    const reason = await waitForFailure(bed, 'fails-first');
    assert.match(reason, /^States\.ExceedToleratedFailureThreshold: /);
    await runToSuccess(bed, BACKFILL, 'fails-first-again');
    assert.deepEqual(await readLedger(bed, 'fails-first-again'), { status: 'succeeded', error: null });
    return reason;
  },
};

/** A stopped execution runs no state that could close its run. */
export const stopRecorded: Step = {
  title: 'the event of a stopped execution closes its run',
  run: async (bed) => {
    const executionArn = await startExecution(bed, BACKFILL, 'stopped');
    await waitForStatus(bed, 'stopped', 'running');
    await bed.aws.states.send(
      new StopExecutionCommand({ executionArn, error: 'Mistake', cause: 'wrong mode' }),
    );
    const { status } = await waitForEnd(bed, executionArn);
    assert.equal(status, 'ABORTED');
    return waitForFailure(bed, 'stopped');
  },
};

/** A redrive continues a failed run under its id, with only the batches that failed. */
export const redriven: Step = {
  title: 'a failed run succeeds after a redrive, under the same id',
  run: async (bed) => {
    const executionArn = await sabotaged(bed, async () => {
      const execution = await startExecution(bed, BACKFILL, 'redriven');
      assert.equal((await waitForEnd(bed, execution)).status, 'FAILED');
      return execution;
    });
    await waitForFailure(bed, 'redriven');
    try {
      await bed.aws.states.send(new RedriveExecutionCommand({ executionArn }));
    } catch (error) {
      if (!isUnsupported(error)) throw error;
      return new NotShown(
        'the emulator has no RedriveExecution. A test walks the definition instead (docs/adr/0027)',
      );
    }
    const { status, redriveCount } = await waitForEnd(bed, executionArn);
    assert.deepEqual([status, redriveCount], ['SUCCEEDED', 1]);
    assert.deepEqual(await readLedger(bed, 'redriven'), { status: 'succeeded', error: null });
    return 'redriven once';
  },
};

/** Whether an emulator refused an operation because it does not know it. */
function isUnsupported(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /Unknown action|InvalidAction|not implemented|not yet been emulated/i.test(
    `${error.name} ${error.message}`,
  );
}

async function sabotaged<T>(bed: TestBed, work: () => Promise<T>): Promise<T> {
  await bed.admin.unsafe(SABOTAGE);
  try {
    return await work();
  } finally {
    await bed.admin.unsafe(REPAIR);
  }
}
