import type { Recommendation } from '../../api-types.d.ts';

export type Profile = Recommendation['profile'];
export type Label = Recommendation['label'];

export const PROFILES = ['conservative', 'moderate', 'aggressive'] as const satisfies readonly Profile[];
export const LABELS = ['BUY', 'HOLD', 'SELL'] as const satisfies readonly Label[];

/** What each profile means, in the words of somebody who chooses one. */
export const PROFILE_WORDS: Record<Profile, { name: string; short: string; long: string }> = {
  conservative: {
    name: 'Conservative',
    short: 'Fewest calls, closest stops',
    long: 'Says BUY or SELL only when it is comparatively sure, leaves out stocks that swing a lot, and puts the stop close to the price. You will mostly see HOLD.',
  },
  moderate: {
    name: 'Moderate',
    short: 'A balance of the two',
    long: 'Takes calls with a fair chance, and gives prices room for ordinary ups and downs before the stop is reached.',
  },
  aggressive: {
    name: 'Aggressive',
    short: 'Most calls, widest stops',
    long: 'Takes calls that are less sure and stocks that swing widely. More of its calls are wrong, and a wrong one costs more.',
  },
};
