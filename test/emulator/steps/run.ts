import assert from 'node:assert/strict';
import { succeed } from '../executions.ts';
import { invoke } from '../invoke.ts';
import type { Step } from '../stand.ts';

/** The instruments are added by hand, as docs/operations.md says, and a first run fetches all there is of them. */
export const firstRun: Step = {
  shows: 'an operator adds instruments and starts a run, which ends in recommendations',
  run: async (stand) => {
    const symbols = stand.market.market.symbols();
    const answer = await invoke(stand, 'OperateFunction', {
      do: 'add-instruments',
      instruments: symbols.map((symbol) => ({ symbol })),
    });
    assert.deepEqual(answer, { addedOrChanged: symbols.length });
    await succeed(stand, {}, 'first-run');
    const [run] = await stand.admin`
      SELECT status, instruments, bars, features, recommendations FROM pipeline_runs WHERE id = 'first-run'`;
    assert.equal(run?.status, 'succeeded');
    assert.equal(run?.instruments, symbols.length);
    assert.ok(run?.bars > 0 && run?.features > 0 && run?.recommendations > 0, JSON.stringify(run));
    return `${run?.bars} bars, ${run?.features} features, ${run?.recommendations} recommendations`;
  },
};

/** What an operator gets for a wrong input: an execution that failed at once and says why. */
export const refusedInput: Step = {
  shows: 'a wrong input is refused early, in words that an operator reads in the console',
  run: async (stand) => {
    const wrong: [object, RegExp][] = [
      [{ symbol: 'US001' }, /Unrecognized key|unrecognized/i],
      [{ symbols: [] }, /symbols: is empty/],
      [{ from: '2026-03-02', to: '2026-03-01' }, /from is later than to/],
      [{ to: '2999-01-01' }, /to: 2999-01-01 is in the future/],
    ];
    for (const [index, [input, message]] of wrong.entries()) {
      await assert.rejects(succeed(stand, input, `wrong-${index}`), message);
    }
    const [row] = await stand.admin`
      SELECT count(*)::int AS rows FROM pipeline_runs WHERE id LIKE 'wrong-%' AND status <> 'failed'`;
    assert.equal(row?.rows, 0);
    return `${wrong.length} inputs`;
  },
};
