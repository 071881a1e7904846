import { averageRanks, mean, pearson } from '../evaluate/correlation.ts';
import { readMarket } from '../evaluate/market.ts';
import { columnsOfInputs, memberDays } from '../evaluate/member-days.ts';
import { Membership } from '../evaluate/membership.ts';
import { byMonth, type PredictedDay, parsePredictions } from '../evaluate/predictions-file.ts';
import type { Transaction } from '../shared/database.ts';
import { DayScores } from './day-scores.ts';
import type { Model } from './model.ts';

/** How a release's own model agrees with its predictions: means over days of rank correlations. */
export interface OwnSlice {
  days: number;
  /** First and last day, `YYYY-MM-DD`. */
  from: string;
  to: string;
  /** Of the neutral scores. */
  score: number;
  /** Of the chances of a large move. */
  move: number;
}

/** The last predicted days on which the model is run. */
const DAYS = 20;

/** Fewest stocks of a day for a rank correlation. */
const LEAST_STOCKS = 5;

/**
 * Runs a release on the last days of its predictions. The predictions of a fold come from models that learned from
 * earlier days alone, and the release from all days, so the two differ, but order the stocks alike.
 *
 * @param everyone - whether every instrument was a member; otherwise, members are the symbols that were predicted
 * @returns undefined if the database lacks the inputs of these days
 */
export async function runOwnSlice(
  tx: Transaction,
  model: Model,
  { predictions, everyone }: { predictions: Uint8Array; everyone: boolean },
): Promise<OwnSlice | undefined> {
  const { features } = model.manifest;
  const slice = new Map(lastDays(predictions).map((day) => [day.day, day]));
  const days = [...slice.keys()];
  const [from = '', to = ''] = [days[0], days.at(-1)];
  const membership = everyone
    ? undefined
    : new Membership(
        new Map(
          [...byMonth(slice.values())].map(({ days: [first], symbols }) => [first?.day ?? '', symbols]),
        ),
      );
  const market = await readMarket(tx, columnsOfInputs(features), from);
  const agreements: { score: number; move: number }[] = [];
  for (const { day, symbols, inputs } of memberDays(market, features, { membership, range: { from, to } })) {
    const told = slice.get(day);
    if (!told) continue;
    const placeOf = new Map(told.symbols.map((symbol, i) => [symbol, i]));
    const rows = symbols.flatMap((symbol, own) => {
      const other = placeOf.get(symbol);
      return other === undefined ? [] : [{ own, other }];
    });
    if (rows.length < LEAST_STOCKS || rows.length < told.symbols.length / 2) continue;
    const { predictions: run } = await DayScores.of(model, inputs);
    const agreement = (ours: (i: number) => number, theirs: (i: number) => number) =>
      pearson(
        averageRanks(rows.map(({ own }) => ours(own))),
        averageRanks(rows.map(({ other }) => theirs(other))),
      );
    agreements.push({
      score: agreement(
        (i) => run[i]?.score ?? Number.NaN,
        (i) => told.score[i] as number,
      ),
      move: agreement(
        (i) => 1 - (run[i]?.probabilities[1] ?? Number.NaN),
        (i) => 1 - (told.probabilities[i]?.[1] ?? Number.NaN),
      ),
    });
  }
  if (agreements.length < slice.size) return undefined;
  return {
    days: agreements.length,
    from,
    to,
    score: mean(agreements.map(({ score }) => score)),
    move: mean(agreements.map(({ move }) => move)),
  };
}

function lastDays(predictions: Uint8Array): PredictedDay[] {
  const days: PredictedDay[] = [];
  for (const day of parsePredictions(predictions)) {
    days.push(day);
    if (days.length > DAYS) days.shift();
  }
  return days;
}
