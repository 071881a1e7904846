import { defined } from '../../functions/shared/invariant.ts';
import type { Call, ExpectedRecord, Outcome } from './expected-record.ts';

/** The counts of the calls of a kind, day, profile and label. Returns are in percent. */
export interface DayCounts {
  kind: string;
  asOf: number;
  profile: string;
  label: string;
  scored: number;
  above: number;
  below: number;
  returnSum: number;
  openReturnSum: number;
  marketReturnPct: number;
  /** Stocks with a scored call of the kind and day. */
  stocks: number;
  /** How many reached the stop or the target first, after 1, 2, … sessions. */
  stopsAfter: number[];
  targetsAfter: number[];
}

/** The day counts as they must be, in the order of kind, day, profile and label. */
export function expectedCounts({ calls, outcomes, markets }: ExpectedRecord): DayCounts[] {
  const scored = calls.flatMap((call) => {
    const outcome = outcomes.get(call.id);
    return outcome ? [{ call, outcome }] : [];
  });
  const ofKindAndDay = Map.groupBy(scored, ({ call }) => `${call.kind} ${call.asOf}`);
  return [...ofKindAndDay.values()]
    .flatMap((ofDay) => {
      const { asOf } = defined(ofDay[0], 'call').call;
      const bySymbol = new Map(ofDay.map(({ call, outcome }) => [call.symbol, outcome.returnPct]));
      const own = [...bySymbol.values()].reduce((sum, pct) => sum + pct, 0) / bySymbol.size;
      const market = markets.get(asOf)?.returnPct ?? own;
      const groups = Map.groupBy(ofDay, ({ call }) => `${call.profile} ${call.label}`);
      return [...groups.values()].map((group) => countsOf(group, { market, stocks: bySymbol.size }));
    })
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function order({ kind, asOf, profile, label }: DayCounts): string {
  return `${kind} ${new Date(asOf).toISOString()} ${profile} ${label}`;
}

function countsOf(
  group: readonly { call: Call; outcome: Outcome }[],
  { market, stocks }: { market: number; stocks: number },
): DayCounts {
  const { kind, asOf, profile, label, horizonDays } = defined(group[0], 'call').call;
  const returns = group.map(({ outcome }) => outcome.returnPct);
  const after = (hit: Outcome['firstHit']) =>
    Array.from(
      { length: horizonDays },
      (_, i) =>
        group.filter(({ outcome }) => outcome.firstHit === hit && outcome.firstHitAfter === i + 1).length,
    );
  return {
    kind,
    asOf,
    profile,
    label,
    scored: group.length,
    above: returns.filter((pct) => pct > market).length,
    below: returns.filter((pct) => pct < market).length,
    returnSum: returns.reduce((sum, pct) => sum + pct, 0),
    openReturnSum: group.reduce((sum, { outcome }) => sum + outcome.openReturnPct, 0),
    marketReturnPct: market,
    stocks,
    stopsAfter: after('stop'),
    targetsAfter: after('target'),
  };
}
