import assert from 'node:assert/strict';
import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { startExecution, waitForEnd } from '../executions.ts';
import type { Step, TestBed } from '../test-bed.ts';

/** Makes Load fail with a database error, which fails the whole batch. */
const SABOTAGE = `
  CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'disk of the emulator test is full'; END $$;
  CREATE TRIGGER sabotage BEFORE INSERT ON instrument_fetches FOR EACH ROW EXECUTE FUNCTION sabotage();`;
const REPAIR = 'DROP TRIGGER sabotage ON instrument_fetches; DROP FUNCTION sabotage();';

/** A failed batch fails the run, and a redrive completes the run after a repair. */
export const redriven: Step = {
  title: 'a run with a failed batch fails, and succeeds after a redrive',
  run: async (bed) => {
    await bed.admin.unsafe(SABOTAGE);
    let execution: string;
    try {
      execution = await startExecution(bed, { mode: 'backfill' }, 'fails-first');
      const { status, error } = await waitForEnd(bed, execution);
      assert.equal(status, 'FAILED');
      assert.equal(error, 'States.ExceedToleratedFailureThreshold');
      assert.equal(await ledger(bed, 'fails-first'), 'failed');
    } finally {
      await bed.admin.unsafe(REPAIR);
    }
    const again = await redrive(bed, execution);
    const { status, name = '' } = await waitForEnd(bed, again.execution);
    assert.equal(status, 'SUCCEEDED');
    assert.equal(await ledger(bed, name), 'succeeded');
    return again.how;
  },
};

/** Redrives the execution, or starts another with the same input if the emulator does not support redrives. */
async function redrive(bed: TestBed, executionArn: string): Promise<{ execution: string; how: string }> {
  try {
    await bed.aws.states.send(new RedriveExecutionCommand({ executionArn }));
    return { execution: executionArn, how: 'redriven' };
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !/Unknown action|InvalidAction|not implemented/i.test(`${error.name} ${error.message}`)
    )
      throw error;
    const execution = await startExecution(bed, { mode: 'backfill' }, 'fails-first-again');
    return { execution, how: 'restarted with the same input, because the emulator has no RedriveExecution' };
  }
}

async function ledger({ admin }: TestBed, runId: string): Promise<string> {
  const [run] = await admin`SELECT status FROM pipeline_runs WHERE id = ${runId}`;
  return run?.status ?? 'missing';
}
