import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { succeed } from '../executions.ts';
import { invoke } from '../invoke.ts';
import type { Stand, Step } from '../stand.ts';

const RUNBOOK = new URL('../../../docs/operations.md', import.meta.url);

/** An input of the runbook, and what it is pasted into. */
export interface PastedInput {
  target: string;
  text: string;
}

/** Every input that the runbook gives to paste, in its order. */
export async function runbookInputs(): Promise<PastedInput[]> {
  const text = await readFile(RUNBOOK, 'utf8');
  return [...text.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(([, target = '', body = '']) => ({
    target,
    text: body,
  }));
}

/** The runbook, pasted: only the names are those of this market and of the first run. */
export const runbook: Step = {
  shows: 'the inputs of docs/operations.md do what it says, as they are',
  run: async (stand) => {
    const inputs = await runbookInputs();
    assert.ok(inputs.length > 8, `${inputs.length} inputs`);
    const [first = '', second = ''] = stand.market.market.symbols();
    for (const [index, { target, text }] of inputs.entries()) {
      const named = text
        .replaceAll('"AAPL"', JSON.stringify(first))
        .replaceAll('"MSFT"', JSON.stringify(second))
        .replaceAll('EXECUTION-NAME', 'first-run');
      await paste(stand, target, JSON.parse(named), `runbook-${index}`);
    }
    const [row] = await stand.admin`SELECT count(*)::int AS active FROM instruments WHERE is_active`;
    assert.equal(row?.active, stand.market.market.symbols().length - 1);
    return `${inputs.length} inputs`;
  },
};

async function paste(stand: Stand, target: string, input: { do?: string }, name: string): Promise<void> {
  if (target === 'Pipeline') {
    await succeed(stand, input, name);
    return;
  }
  const answer = invoke(stand, target, input);
  // There is one release, and so none before it.
  if (input.do === 'rollback-model') await assert.rejects(answer, /nothing to roll back to/);
  else await answer;
}
