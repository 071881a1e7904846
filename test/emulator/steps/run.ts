import assert from 'node:assert/strict';
import { runToSuccess } from '../executions.ts';
import { invoke } from '../invoke.ts';
import { waitForFailure } from '../ledger.ts';
import type { Step } from '../test-bed.ts';

/** Adds instruments as in docs/operations.md; the first run fetches their whole history. */
export const firstRun: Step = {
  title: 'an operator adds instruments and starts a run, which publishes recommendations',
  run: async (bed) => {
    const symbols = bed.market.market.symbols();
    const answer = await invoke(bed, 'OperateFunction', {
      do: 'add-instruments',
      instruments: symbols.map((symbol) => ({ symbol })),
    });
    assert.deepEqual(answer, { addedOrChanged: symbols.length });
    await runToSuccess(bed, {}, 'first-run');
    const [run] = await bed.admin`
      SELECT status, instruments, bars, features, recommendations FROM pipeline_runs WHERE id = 'first-run'`;
    assert.equal(run?.status, 'succeeded');
    assert.equal(run?.instruments, symbols.length);
    assert.ok(run?.bars > 0 && run?.features > 0 && run?.recommendations > 0, JSON.stringify(run));
    return `${run?.bars} bars, ${run?.features} features, ${run?.recommendations} recommendations`;
  },
};

/** A wrong input fails at once, with a cause that names the mistake, also in the ledger. */
export const refusedInput: Step = {
  title: 'a wrong input fails the execution with a cause that names the mistake',
  run: async (bed) => {
    const wrong: [object, RegExp][] = [
      [{ symbol: 'US001' }, /Unrecognized key|unrecognized/i],
      [{ symbols: [] }, /symbols: is empty/],
      [{ from: '2026-03-02', to: '2026-03-01' }, /from is later than to/],
      [{ to: '2999-01-01' }, /to: 2999-01-01 is in the future/],
    ];
    for (const [index, [input, message]] of wrong.entries()) {
      await assert.rejects(runToSuccess(bed, input, `wrong-${index}`), message);
      // No state has opened these runs, so only the events of their executions can add them to the ledger.
      assert.match(await waitForFailure(bed, `wrong-${index}`), message);
    }
    return `${wrong.length} inputs`;
  },
};
