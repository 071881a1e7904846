import * as z from 'zod';
import { PROFILES, type Profile } from '../shared/constants.ts';
import { valueAt } from '../shared/value-at.ts';
import { PROFILE_RULES } from './profiles.ts';

/** Whether a gain after costs is shown out of sample: its interval is above 0. */
export const EDGE_STATUSES = ['shown', 'not_shown_yet', 'not_measured'] as const;

/** What the stocks that a profile chooses its BUYs from gained out of sample, after costs. */
export interface Edge {
  profile: Profile;
  status: (typeof EDGE_STATUSES)[number];
  /** Share of the day's stocks, from the best. */
  share: number;
  /** Mean return over 20 trading days less that of the average stock, in percentage points; null if not measured. */
  excessPct: number | null;
  /** Its 95% confidence interval, in percentage points; null if not measured. */
  interval: { low: number; high: number } | null;
  /** The figures in a sentence for a person. */
  words: string;
}

const Excess = z.object({
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullish(),
});

/** Reads each profile's edge from the metrics of a release of any format. */
export function edgesOf(metrics: unknown): Edge[] {
  const bps = valueAt(metrics, ['cost_bps']);
  const costs = typeof bps === 'number' ? ` of ${(bps / 100).toFixed(2)}%` : '';
  return PROFILES.map((profile) => {
    const { share } = PROFILE_RULES[profile];
    const stocks = `best ${Math.round(share * 100)}% of stocks`;
    const { data } = Excess.safeParse(
      valueAt(metrics, [`top_${Math.round(share * 100)}_excess_after_costs`]),
    );
    if (!data) {
      const words = `Not measured: there is no figure after costs for the ${stocks}.`;
      return { profile, status: 'not_measured', share, excessPct: null, interval: null, words };
    }
    const excessPct = data.value * 100;
    const interval = data.interval ? { low: data.interval[0] * 100, high: data.interval[1] * 100 } : null;
    const isShown = interval !== null && interval.low > 0;
    const range = interval
      ? `${signed(interval.low)} to ${signed(interval.high)} in 95 of 100 cases`
      : 'its margin of error was not measured';
    const words =
      `${isShown ? 'The' : 'No edge shown yet: the'} ${stocks} returned ${signed(excessPct)} points against the ` +
      `average stock over 20 trading days, after costs${costs} (${range}).`;
    return { profile, status: isShown ? 'shown' : 'not_shown_yet', share, excessPct, interval, words };
  });
}

function signed(points: number): string {
  const text = points.toFixed(2);
  return points < 0 ? text : `+${text}`;
}
