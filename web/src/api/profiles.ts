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
    long: 'You see BUY or SELL only when the model is most confident, and never BUY for a stock that swings a lot. Stops are close to the price. Most calls are HOLD.',
  },
  moderate: {
    name: 'Moderate',
    short: 'Between the other two',
    long: 'You see BUY or SELL more often than with Conservative, at lower confidence. The stop leaves room for ordinary ups and downs.',
  },
  aggressive: {
    name: 'Aggressive',
    short: 'Most BUY and SELL calls, widest stops',
    long: 'You see BUY and SELL most often, also for stocks that swing a lot. More of these calls are wrong, and a wrong one costs more.',
  },
};
