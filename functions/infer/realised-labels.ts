import { longestSpan, type NeutralRule, neutralReturns, neutralRule, tails } from '../evaluate/labels.ts';
import { LABELS, type Label, LEAST_REFERENCE } from '../shared/constants.ts';
import type { Transaction } from '../shared/database.ts';
import { DAY_MS } from '../shared/days.ts';
import { ModelError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { log } from '../shared/telemetry.ts';
import { type DayReturn, hasEnded, LEAST_ENDED_SHARE, readDayReturns } from './day-returns.ts';
import { type DayRows, readDayRows } from './day-rows.ts';
import type { RealisedLabel } from './due-outcomes.ts';
import { readManifest } from './manifest.ts';
import { assertInputs } from './versions.ts';

/** The inputs that a rule reads, in the order that {@link realisedLabels} expects. */
const inputsOf = ({ volatilityFeature, exposures }: NeutralRule) => [volatilityFeature, ...exposures];

/**
 * The labels that a rule gives the outcomes of a day's stocks, by instrument, as training labels its rows: stocks whose
 * horizon took longer than {@link longestSpan} are left out.
 *
 * @param stocks - the stocks that have the inputs of the rule, and their values: the volatility, then the exposures
 * @returns none if fewer than {@link LEAST_REFERENCE} stocks, or than {@link LEAST_ENDED_SHARE} of those that have
 *   inputs, have ended their horizon
 */
export function realisedLabels(
  rule: NeutralRule,
  day: { asOf: Date; horizonDays: number },
  returns: readonly DayReturn[],
  { ids, rows }: DayRows,
): Map<string, Label> {
  const returnOf = new Map(returns.filter(({ isStock }) => isStock).map((row) => [row.id, row]));
  const stocks = ids.flatMap((id, i) => {
    const found = returnOf.get(id);
    return found ? [{ ...found, inputs: rows[i] as number[] }] : [];
  });
  const latest = day.asOf.getTime() + longestSpan(day.horizonDays) * DAY_MS;
  const ended = stocks.flatMap((stock) =>
    hasEnded(stock) && stock.exit.getTime() <= latest ? [{ ...stock, forward: stock.returnPct / 100 }] : [],
  );
  if (ended.length < Math.max(LEAST_REFERENCE, LEAST_ENDED_SHARE * stocks.length)) return new Map();
  const input = (at: number) => ended.map(({ inputs }) => inputs[at] as number);
  const neutral = neutralReturns(
    ended.map(({ forward }) => forward),
    input(0),
    rule.exposures.map((_, i) => input(i + 1)),
    day.horizonDays,
  );
  return new Map(tails(neutral, rule.tail).map((label, i) => [ended[i]?.id ?? '', LABELS[label] as Label]));
}

/**
 * Labels the staged outcomes of the calls that have none, each by the rule of the model that made the call.
 *
 * @param upTo - the as-of of the run
 */
export async function labelDueOutcomes(
  tx: Transaction,
  models: ObjectReader,
  upTo: string,
): Promise<RealisedLabel[]> {
  const days = await tx<{ model_version_id: string; path: string; as_of: Date; horizon_days: number }[]>`
    SELECT DISTINCT d.model_version_id, m.model_path AS path, d.as_of, d.horizon_days
    FROM due d JOIN model_versions m ON m.id = d.model_version_id
    WHERE NOT d.is_scored ORDER BY d.as_of, d.horizon_days, m.model_path`;
  const rules = new Map<string, NeutralRule | undefined>();
  for (const path of new Set(days.map(({ path }) => path))) rules.set(path, await readRule(tx, models, path));
  const labelled: RealisedLabel[] = [];
  for (const { path, ...day } of days) {
    const rule = rules.get(path);
    if (!rule) continue;
    const { as_of: asOf, horizon_days: horizonDays } = day;
    const stocks = await readDayRows(tx, asOf.getTime(), inputsOf(rule));
    if (stocks.ids.length < LEAST_REFERENCE) continue;
    const returns = await readDayReturns(tx, { asOf, horizonDays, upTo });
    for (const [id, label] of realisedLabels(rule, { asOf, horizonDays }, returns, stocks))
      labelled.push({ ...day, instrument_id: id, label });
  }
  return labelled;
}

/** The rule of a release; undefined if the release is gone, has no such rule, or needs inputs that are no longer computed. */
async function readRule(
  tx: Transaction,
  models: ObjectReader,
  path: string,
): Promise<NeutralRule | undefined> {
  try {
    const manifest = await readManifest(models, path);
    const rule = neutralRule(manifest);
    await assertInputs(tx, { version: manifest.version, features: inputsOf(rule) });
    return rule;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    log('warn', 'outcomes get no label', { path, reason: error.message });
    return undefined;
  }
}
