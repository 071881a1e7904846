import type { Transaction } from '../shared/database.ts';
import { BadInputError } from '../shared/errors.ts';
import { readMarket } from './market.ts';
import { Measurement, type ReleaseMeasures } from './measures.ts';
import { columnsOfInputs, memberDays } from './member-days.ts';
import type { Membership } from './membership.ts';
import { columnsOfRule, type NeutralRule, OutcomeTables } from './outcomes.ts';
import type { PredictedDay } from './predictions-file.ts';
import type { DayRange } from './rows.ts';

/** What a model says about the rows of a day; one value per row. */
export type DayPredictions = Pick<PredictedDay, 'score' | 'probabilities'>;

/** How to evaluate. */
export interface MemberEvaluation {
  /** Inputs of the model, in its order. */
  features: readonly string[];
  rule: Omit<NeutralRule, 'everyone'>;
  /** Without it, every instrument is a member. */
  membership?: Membership | undefined;
  range?: DayRange;
  /** Predicts all rows of a day, each in the order of the features. */
  predict: (inputs: number[][]) => Promise<DayPredictions>;
  /** Receives every predicted day, also those without outcomes. */
  onDay?: (day: PredictedDay) => Promise<void>;
}

/**
 * Predicts the members of every stored day, and measures the rows with outcomes. It writes nothing.
 *
 * @throws BadInputError if the membership names no symbol, or no row has an outcome
 */
export async function evaluateMembers(
  tx: Transaction,
  { features, rule, membership, range = {}, predict, onDay }: MemberEvaluation,
): Promise<ReleaseMeasures> {
  const market = await readMarket(tx, [
    ...new Set([...columnsOfInputs(features), ...columnsOfRule({ ...rule, everyone: true })]),
  ]);
  membership?.assertNames(market.symbols);
  const outcomes = new OutcomeTables(market, { ...rule, everyone: membership === undefined });
  const measurement = new Measurement();
  let rows = 0;
  for (const { day, symbols, inputs } of memberDays(market, features, membership)) {
    if (day < (range.from ?? day) || day > (range.to ?? day)) continue;
    const predicted = { day, symbols, ...(await predict(inputs)) };
    await onDay?.(predicted);
    const known = outcomes.withOutcomes(predicted);
    if (!known) continue;
    const measured = outcomes.measured(known, membership?.on(day));
    if ('unknown' in measured) continue;
    measurement.addDay(measured);
    rows += known.symbols.length;
  }
  if (rows === 0)
    throw new BadInputError(
      `no rows to measure: a row needs all ${features.length} inputs of the model, ${rule.horizonDays} later bars, and ` +
        'a year of returns of 30 instruments before its month',
    );
  return measurement.result(rule.horizonDays);
}
