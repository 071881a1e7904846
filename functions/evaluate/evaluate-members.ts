import type { Transaction } from '../shared/database.ts';
import { BadInputError } from '../shared/errors.ts';
import type { NeutralRule } from './labels.ts';
import { readMarket } from './market.ts';
import { Measurement, type ReleaseMeasures } from './measures.ts';
import { columnsOfInputs, type DayRange, memberDays } from './member-days.ts';
import type { Membership } from './membership.ts';
import { columnsOfRule, OutcomeTables } from './outcomes.ts';
import type { PredictedDay } from './predictions-file.ts';

/** What a model says about the rows of a day; one value per row. */
export type DayPredictions = Pick<PredictedDay, 'score' | 'probabilities'>;

/** How to evaluate. */
export interface MemberEvaluation {
  /** Inputs of the model, in its order. */
  features: readonly string[];
  rule: NeutralRule;
  /** Without it, every instrument is a member. */
  membership?: Membership | undefined;
  range?: DayRange;
  /** Predicts all rows of a day, each in the order of the features. */
  predict: (inputs: number[][]) => Promise<DayPredictions>;
  /** Receives every predicted day, also those without outcomes. */
  onDay?: (day: PredictedDay) => Promise<void>;
  /** Receives the share of the days that are done, up to 1. */
  onProgress?: (done: number) => void;
}

/** Measures, and the rows that they are of. */
export interface EvaluationResult {
  /** First and last measured day, `YYYY-MM-DD`. */
  from: string;
  to: string;
  instruments: number;
  horizonDays: number;
  shortHorizonDays: number;
  metrics: ReleaseMeasures;
}

/**
 * Predicts the members of every stored day, and measures the rows with outcomes. It writes nothing.
 *
 * @throws BadInputError if the membership names no symbol, or no row has an outcome
 */
export async function evaluateMembers(
  tx: Transaction,
  { features, rule, membership, range = {}, predict, onDay, onProgress }: MemberEvaluation,
): Promise<EvaluationResult> {
  const columns = [...columnsOfInputs(features), ...columnsOfRule(rule)];
  const market = await readMarket(tx, [...new Set(columns)]);
  membership?.assertNames(market.symbols);
  const outcomes = new OutcomeTables(market, { ...rule, everyone: membership === undefined });
  const measurement = new Measurement();
  const measuredDays: string[] = [];
  const instruments = new Set<string>();
  for (const { day, symbols, inputs } of memberDays(market, features, { membership, range })) {
    const predicted = { day, symbols, ...(await predict(inputs)) };
    await onDay?.(predicted);
    onProgress?.((market.days.indexOf(day) + 1) / market.days.length);
    const known = outcomes.withOutcomes(predicted);
    if (!known) continue;
    const measured = outcomes.measured(known, membership?.on(day));
    if ('unknown' in measured) continue;
    measurement.addDay(measured);
    measuredDays.push(day);
    for (const symbol of known.symbols) instruments.add(symbol);
  }
  const [from, to] = [measuredDays[0], measuredDays.at(-1)];
  if (from === undefined || to === undefined)
    throw new BadInputError(
      `no rows to measure${rangeText(range)}: a row needs all ${features.length} inputs of the model, ` +
        `${rule.horizonDays} later bars, and a year of returns of 30 instruments before its month`,
    );
  const { horizonDays, shortHorizonDays } = rule;
  const metrics = measurement.result(horizonDays);
  return { from, to, instruments: instruments.size, horizonDays, shortHorizonDays, metrics };
}

function rangeText({ from, to }: DayRange): string {
  return `${from ? ` from ${from}` : ''}${to ? ` to ${to}` : ''}`;
}
