import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { runToSuccess } from '../executions.ts';
import { invoke } from '../invoke.ts';
import type { Step, TestBed } from '../test-bed.ts';

/** The runbook, which is in Markdown. */
export const RUNBOOK = new URL('../../../docs/operations.md', import.meta.url);

/** An input of the runbook, and the function or state machine that receives it. */
export interface PastedInput {
  target: string;
  text: string;
}

/** All inputs of the runbook, in order. */
export async function runbookInputs(): Promise<PastedInput[]> {
  const text = await readFile(RUNBOOK, 'utf8');
  return [...text.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(([, target = '', body = '']) => ({
    target,
    text: body,
  }));
}

/** Pastes the inputs of the runbook, with the symbols of this market and the name of the first run. */
export const runbook: Step = {
  title: 'every input of docs/operations.md works',
  needsEdge: true,
  run: async (bed) => {
    const inputs = await runbookInputs();
    assert.ok(inputs.length > 8, `${inputs.length} inputs`);
    const [first = '', second = ''] = bed.market.market.symbols();
    for (const [index, { target, text }] of inputs.entries()) {
      const named = text
        .replaceAll('"AAPL"', JSON.stringify(first))
        .replaceAll('"MSFT"', JSON.stringify(second))
        .replaceAll('EXECUTION-NAME', 'first-run');
      await paste(bed, target, JSON.parse(named), `runbook-${index}`);
    }
    const [row] = await bed.admin`SELECT count(*)::int AS active FROM instruments WHERE is_active`;
    assert.equal(row?.active, bed.market.market.symbols().length - 1);
    return `${inputs.length} inputs`;
  },
};

async function paste(bed: TestBed, target: string, input: { do?: string }, name: string): Promise<void> {
  if (target === 'Pipeline') {
    await runToSuccess(bed, input, name);
    return;
  }
  const result = invoke(bed, target, input);
  // There is only one release, so a rollback has no target.
  if (input.do === 'rollback-model') await assert.rejects(result, /nothing to roll back to/);
  else await result;
}
