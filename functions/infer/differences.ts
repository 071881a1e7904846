type Value = string | number | null;

/** A value in which a call and its replay differ. It is null for the one of them that has no such value. */
export interface Difference {
  field: string;
  published: Value;
  replayed: Value;
}

/** The compared columns and the API's names for them. */
const FIELDS = {
  label: 'label',
  confidence: 'confidence',
  expected_return_pct: 'expectedReturnPct',
  horizon_days: 'horizonDays',
  stop_loss: 'stopLoss',
  take_profit: 'takeProfit',
  close: 'close',
  atr: 'atr',
} as const;

/** A call with the columns of {@link FIELDS} and its explanation. */
type ComparedCall = Readonly<Record<keyof typeof FIELDS, Value>> & { explanation: unknown };

/** The values in which a replayed call differs from the published one. Numbers are equal if every bit is. */
export function differencesOf(published: ComparedCall, replayed: ComparedCall): Difference[] {
  const [before, after] = [compared(published), compared(replayed)];
  const fields = new Set([...before.keys(), ...after.keys()]);
  return [...fields].flatMap((field) => {
    const pair = { published: before.get(field) ?? null, replayed: after.get(field) ?? null };
    return pair.published === pair.replayed ? [] : [{ field, ...pair }];
  });
}

/** The values of a call that a replay compares, by the names of the API's fields; those within the explanation by their path. */
function compared(call: ComparedCall): ReadonlyMap<string, Value> {
  return new Map([
    ...Object.entries(FIELDS).map(([column, field]): [string, Value] => [
      field,
      call[column as keyof typeof FIELDS],
    ]),
    ...leavesOf(call.explanation),
  ]);
}

/** The values within a JSON value, each with its path, such as `probabilities.BUY`. */
function leavesOf(value: unknown, path: readonly string[] = []): [string, Value][] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  return [[path.join('.'), typeof value === 'number' || value === null ? value : String(value)]];
}
