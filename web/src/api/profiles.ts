import type { Recommendation } from '../../api-types.d.ts';

export type Profile = Recommendation['profile'];
export type Label = Recommendation['label'];

export const PROFILES = ['conservative', 'moderate', 'aggressive'] as const satisfies readonly Profile[];
export const LABELS = ['BUY', 'HOLD', 'SELL'] as const satisfies readonly Label[];

/** How the page names and explains each profile. */
export const PROFILE_WORDS: Record<Profile, { name: string; short: string; long: string }> = {
  conservative: {
    name: 'Conservative',
    short: 'Fewest BUY and SELL calls, closest stops',
    long: 'BUY is for the best 2% of stocks of a day and SELL for the worst 2%, and a stock that swings a lot is never BUY. Stops are close to the price. Nearly all calls are HOLD.',
  },
  moderate: {
    name: 'Moderate',
    short: 'Between the other two',
    long: 'BUY is for the best 5% of stocks of a day and SELL for the worst 5%. The stop leaves room for ordinary ups and downs.',
  },
  aggressive: {
    name: 'Aggressive',
    short: 'Most BUY and SELL calls, widest stops',
    long: 'BUY is for the best 10% of stocks of a day and SELL for the worst 10%, also for stocks that swing a lot. More of these calls are wrong, and a wrong one costs more.',
  },
};
