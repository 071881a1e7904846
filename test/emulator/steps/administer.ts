import assert from 'node:assert/strict';
import { ended, executions } from '../executions.ts';
import { invoke } from '../invoke.ts';
import { expectAnswer, logIn, READER } from '../reader.ts';
import type { Stand, Step } from '../stand.ts';

const PATH = '/v1/admin/runs';

/** From the first administrator to a run that was started over the API, from where no way leads to Step Functions. */
export const administered: Step = {
  shows: 'a user whom the operator makes an administrator starts a run over the HTTP API',
  run: async (stand) => {
    const token = await logIn(stand);
    const body = { symbols: stand.market.market.symbols().slice(0, 2) };
    await expectAnswer(stand, 403, PATH, { token, body });
    await invoke(stand, 'OperateFunction', { do: 'grant-admin', email: READER.email });
    await expectAnswer(stand, 400, PATH, { token, body: { symbols: [] } });
    const began = performance.now();
    const { id } = await expectAnswer(stand, 202, PATH, { token, body });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const { status } = await ended(stand, await executionOf(stand, String(id)));
    assert.equal(status, 'SUCCEEDED');
    const run = await expectAnswer(stand, 200, `${PATH}/${id}`, { token });
    assert.equal(run.status, 'succeeded');
    return `${id}, confirmed after ${seconds} s`;
  },
};

async function executionOf(stand: Stand, id: string): Promise<string> {
  const found = (await executions(stand)).find((arn) => arn.endsWith(`:${id}`));
  return found ?? assert.fail(`no execution ${id}`);
}
