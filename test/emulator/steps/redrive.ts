import assert from 'node:assert/strict';
import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { ended, start } from '../executions.ts';
import type { Stand, Step } from '../stand.ts';

/** Makes Load fail for one instrument in a way that is no fault of its data, so that its whole batch fails. */
const SABOTAGE = `
  CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'disk of the emulator test is full'; END $$;
  CREATE TRIGGER sabotage BEFORE INSERT ON instrument_fetches FOR EACH ROW EXECUTE FUNCTION sabotage();`;
const MEND = 'DROP TRIGGER sabotage ON instrument_fetches; DROP FUNCTION sabotage();';

/** A batch that fails fails the run, which says why; once the cause is gone, the same execution goes on. */
export const redriven: Step = {
  shows: 'a run with a failed batch ends in the Failed state, and goes on after the cause is gone',
  run: async (stand) => {
    await stand.admin.unsafe(SABOTAGE);
    let execution: string;
    try {
      execution = await start(stand, { mode: 'backfill' }, 'fails-first');
      const { status, error } = await ended(stand, execution);
      assert.equal(status, 'FAILED');
      assert.equal(error, 'States.ExceedToleratedFailureThreshold');
      assert.equal(await ledger(stand, 'fails-first'), 'failed');
    } finally {
      await stand.admin.unsafe(MEND);
    }
    const again = await redrive(stand, execution);
    const { status, name = '' } = await ended(stand, again.execution);
    assert.equal(status, 'SUCCEEDED');
    assert.equal(await ledger(stand, name), 'succeeded');
    return again.how;
  },
};

/** Redrives; where the emulator does not know how, starts again with the same input, as the runbook says one may. */
async function redrive(stand: Stand, executionArn: string): Promise<{ execution: string; how: string }> {
  try {
    await stand.aws.states.send(new RedriveExecutionCommand({ executionArn }));
    return { execution: executionArn, how: 'redriven' };
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !/Unknown action|InvalidAction|not implemented/i.test(`${error.name} ${error.message}`)
    )
      throw error;
    const execution = await start(stand, { mode: 'backfill' }, 'fails-first-again');
    return { execution, how: 'started again with the same input: the emulator has no RedriveExecution' };
  }
}

async function ledger({ admin }: Stand, runId: string): Promise<string> {
  const [run] = await admin`SELECT status FROM pipeline_runs WHERE id = ${runId}`;
  return run?.status ?? 'missing';
}
