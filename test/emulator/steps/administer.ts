import assert from 'node:assert/strict';
import { listExecutions, waitForEnd } from '../executions.ts';
import { invoke } from '../invoke.ts';
import { expectAnswer, logIn, READER } from '../reader.ts';
import type { Step, TestBed } from '../test-bed.ts';

const PATH = '/v1/admin/runs';

/** Appoints the first administrator, who starts a run over the API, although the API cannot reach Step Functions. */
export const administered: Step = {
  title: 'a user becomes administrator and starts a run over the HTTP API',
  needsEdge: true,
  run: async (bed) => {
    const token = await logIn(bed);
    const body = { symbols: bed.market.market.symbols().slice(0, 2) };
    await expectAnswer(bed, 403, PATH, { token, body });
    await invoke(bed, 'OperateFunction', { do: 'grant-admin', email: READER.email });
    await expectAnswer(bed, 400, PATH, { token, body: { symbols: [] } });
    const began = performance.now();
    const { id } = await expectAnswer(bed, 202, PATH, { token, body });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const { status } = await waitForEnd(bed, await findExecution(bed, String(id)));
    assert.equal(status, 'SUCCEEDED');
    const run = await expectAnswer(bed, 200, `${PATH}/${id}`, { token });
    assert.equal(run.status, 'succeeded');
    return `${id}, confirmed after ${seconds} s`;
  },
};

async function findExecution(bed: TestBed, id: string): Promise<string> {
  const found = (await listExecutions(bed)).find((arn) => arn.endsWith(`:${id}`));
  return found ?? assert.fail(`there is no execution ${id}`);
}
