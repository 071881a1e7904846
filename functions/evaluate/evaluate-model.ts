import { DayScores } from '../infer/day-scores.ts';
import type { Model } from '../infer/model.ts';
import type { Sql } from '../shared/database.ts';
import { BadInputError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import { EvaluationAccumulator, type EvaluationResult } from './accumulator.ts';
import { type DayRange, type EvaluationRow, readRows } from './rows.ts';

export interface EvaluationProgress {
  /** Share of the rows that have been read, up to 1. */
  done: number;
  /** Rows measured so far. */
  rows: number;
}

/**
 * Predicts every stored row with a known outcome within a range of days, and measures the predictions. It writes
 * nothing.
 *
 * @throws BadInputError if no such row exists
 */
export async function evaluateModel(
  sql: Sql,
  model: Model,
  range: DayRange,
  onProgress: (progress: EvaluationProgress) => void = () => {},
): Promise<EvaluationResult> {
  const evaluation = new EvaluationAccumulator(model.manifest);
  await sql.begin('ISOLATION LEVEL REPEATABLE READ', async (tx) => {
    for await (const { days, done } of readRows(tx, model.manifest, range)) {
      for (const rows of days) await addDay(evaluation, model, rows);
      onProgress({ done, rows: evaluation.rows });
    }
  });
  if (evaluation.rows === 0) {
    const { features, horizonDays } = model.manifest;
    throw new BadInputError(
      `no rows to measure${rangeText(range)}: a row needs all ${features.length} inputs of the model ` +
        `and ${horizonDays} later bars`,
    );
  }
  return evaluation.result();
}

async function addDay(evaluation: EvaluationAccumulator, model: Model, rows: EvaluationRow[]): Promise<void> {
  const values = rows.map(({ inputs }) => model.manifest.features.map((name) => defined(inputs[name], name)));
  evaluation.addDay(rows, (await DayScores.of(model, values)).predictions);
}

function rangeText({ from, to }: DayRange): string {
  return `${from ? ` from ${from}` : ''}${to ? ` to ${to}` : ''}`;
}
