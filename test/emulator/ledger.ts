import assert from 'node:assert/strict';
import { pause } from './executions.ts';
import type { TestBed } from './test-bed.ts';

/** Limit of the delivery of an event. */
const TIMEOUT_MS = 60_000;

/** The part of a run's row that the steps read. */
export interface LedgerRow {
  status?: string;
  error?: string | null;
}

/** Reads the row of a run; without a row, the result is empty. */
export async function readLedger({ admin }: TestBed, runId: string): Promise<LedgerRow> {
  const [run] = await admin`SELECT status, error FROM pipeline_runs WHERE id = ${runId}`;
  return { ...run };
}

/** Waits until the ledger has this status for a run. */
export async function waitForStatus(bed: TestBed, runId: string, status: string): Promise<LedgerRow> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const row = await readLedger(bed, runId);
    if (row.status === status) return row;
    assert.ok(Date.now() < deadline, `${runId} is not ${status} in the ledger after ${TIMEOUT_MS / 1000} s`);
    await pause(200);
  }
}

/** Waits until the event of an execution has closed its run, and returns the recorded reason. */
export async function waitForFailure(bed: TestBed, runId: string): Promise<string> {
  return String((await waitForStatus(bed, runId, 'failed')).error);
}
