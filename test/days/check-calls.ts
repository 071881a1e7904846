import { PROFILES } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';

/** The calls of a trading day, and between which instants they must have been published. */
export interface CallsOfDay {
  asOf: string;
  from: number;
  to: number;
}

/**
 * Compares the stored calls with those that a user may expect: on each expected day one call for each stock and
 * profile, dated when it was made, and none on any other day.
 *
 * @returns a sentence for each difference
 */
export async function checkCalls(
  sql: Sql,
  expected: readonly CallsOfDay[],
  symbols: readonly string[],
): Promise<string[]> {
  const calls = await sql<
    { asOf: string; symbol: string; profile: string; kind: string; at: Date; dated: Date }[]
  >`
    SELECT to_char(r.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "asOf", i.symbol, r.profile, r.kind,
      p.published_at AS at, r.generated_at AS dated
    FROM recommendations r JOIN instruments i ON i.id = r.instrument_id JOIN publications p ON p.id = r.publication_id
    ORDER BY r.as_of, i.symbol, r.profile`;
  const faults: string[] = [];
  const counts = new Map<string, number>();
  for (const { asOf, symbol, profile, kind, at, dated } of calls) {
    const key = `${asOf} ${symbol} ${profile}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const day = expected.find((one) => one.asOf === asOf);
    if (!day) faults.push(`${key}: a call of a day that should have none`);
    else if (at.getTime() < day.from || at.getTime() > day.to)
      faults.push(`${key}: published at ${at.toISOString()}, not between ${span(day)}`);
    if (dated.getTime() !== at.getTime())
      faults.push(`${key}: dated ${dated.toISOString()}, published at ${at.toISOString()}`);
    if (kind !== 'live') faults.push(`${key}: is ${kind}, not live`);
  }
  for (const { asOf } of expected)
    for (const symbol of symbols)
      for (const profile of PROFILES) {
        const count = counts.get(`${asOf} ${symbol} ${profile}`) ?? 0;
        if (count !== 1) faults.push(`${asOf} ${symbol} ${profile}: ${count} calls instead of one`);
      }
  return faults;
}

/**
 * Compares the stored changes with the calls: the first call for each stock and profile is new, and each later one with
 * another label has one change.
 *
 * @returns a sentence for each difference
 */
export async function checkChanges(sql: Sql): Promise<string[]> {
  const calls = await sql<{ key: string; id: string; label: string; changes: string | null }[]>`
    SELECT concat_ws(' ', i.symbol, r.profile) AS key, r.id, r.label, string_agg(
      concat_ws(' ', CASE c.kind WHEN 'back' THEN 'label' ELSE c.kind END, c.from_label, c.to_label), ', ')
      FILTER (WHERE c.id IS NOT NULL) AS changes
    FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
    LEFT JOIN call_changes c ON c.recommendation_id = r.id AND c.to_label IS NOT NULL
    GROUP BY i.symbol, r.profile, r.id ORDER BY i.symbol, r.profile, r.generated_at, r.id`;
  const faults: string[] = [];
  const before = new Map<string, string>();
  for (const { key, id, label, changes } of calls) {
    const last = before.get(key);
    before.set(key, label);
    const same = `label ${label} ${label}`;
    const expected = last === undefined ? `new ${label}` : last === label ? null : `label ${last} ${label}`;
    // A call that is back may have the label of the one before.
    if (changes !== expected && !(expected === null && changes === same))
      faults.push(`${key}, call ${id}: ${changes ?? 'no change'} instead of ${expected ?? 'none'}`);
  }
  return faults;
}

function span({ from, to }: CallsOfDay): string {
  return `${new Date(from).toISOString()} and ${new Date(to).toISOString()}`;
}
