import type { Label, Profile } from '../shared/constants.ts';

/** What a profile asks before it says BUY or SELL, and how wide it sets stop and target. */
export interface ProfileRule {
  /** Least probability of the label, as a multiple of its base rate: 1 is what chance gives. */
  minLift: number;
  /**
   * Least difference of the expected return from the average instrument's, in percentage points over the
   * horizon: above the average for BUY, below it for SELL.
   */
  minExcessPct: number;
  /** Largest annualised volatility (vol_20d) at which a BUY is offered. */
  maxVolatility: number;
  /** Distance of the stop and of the target from the close, in average true ranges. */
  stopAtr: number;
  targetAtr: number;
}

/**
 * The rules, one row a profile. A probability says little by itself: after a rising market most calls of any
 * model are BUY. So a call must beat its own base rate and the average instrument. What meets no rule is HOLD:
 * with no edge, that is the answer. Each profile accepts whatever a more careful one does.
 */
export const PROFILE_RULES: Record<Profile, ProfileRule> = {
  conservative: { minLift: 1.25, minExcessPct: 0.5, maxVolatility: 0.3, stopAtr: 2, targetAtr: 3 },
  moderate: { minLift: 1.15, minExcessPct: 0.25, maxVolatility: 0.45, stopAtr: 2.5, targetAtr: 4 },
  aggressive: { minLift: 1.05, minExcessPct: 0, maxVolatility: 0.8, stopAtr: 3, targetAtr: 6 },
};

/** What is known of an instrument when a profile decides. */
export interface Outlook {
  /** Calibrated probabilities of SELL, HOLD and BUY. */
  probabilities: readonly [number, number, number];
  /** Share of each of them among the training rows. */
  baseRates: readonly [number, number, number];
  /** Over the horizon. */
  expectedReturnPct: number;
  /** The average instrument's, over the same horizon. */
  averageReturnPct: number;
  /** Annualised, as vol_20d. */
  volatility: number;
  close: number;
  atr: number;
}

/** A profile's call. Prices are in the instrument's currency. */
export interface Call {
  label: Label;
  /** The calibrated probability of the label. */
  confidence: number;
  stopLoss: number;
  takeProfit: number;
  /** Why the likelier of BUY and SELL was not given; absent where it was. */
  heldBack?: string;
}

/**
 * Applies a profile's rule. For SELL the stop is above the close and the target below it, the levels at which
 * the call proves wrong or right; for BUY and HOLD it is the other way round. A target or stop never falls
 * below a hundredth of the close.
 */
export function decide(outlook: Outlook, rule: ProfileRule): Call {
  const [sell, hold, buy] = outlook.probabilities;
  const [sellBase, , buyBase] = outlook.baseRates;
  const favoured = buy / buyBase >= sell / sellBase ? 'BUY' : 'SELL';
  const heldBack = objection(outlook, rule, favoured);
  const label = heldBack ? 'HOLD' : favoured;
  const direction = label === 'SELL' ? -1 : 1;
  const level = (distance: number) => Math.max(outlook.close + distance * outlook.atr, outlook.close / 100);
  return {
    label,
    confidence: { SELL: sell, HOLD: hold, BUY: buy }[label],
    stopLoss: level(-direction * rule.stopAtr),
    takeProfit: level(direction * rule.targetAtr),
    ...(heldBack ? { heldBack } : {}),
  };
}

function objection(outlook: Outlook, rule: ProfileRule, favoured: 'BUY' | 'SELL'): string | undefined {
  const index = favoured === 'BUY' ? 2 : 0;
  const probability = outlook.probabilities[index];
  const needed = rule.minLift * outlook.baseRates[index];
  if (probability < needed) {
    const [has, needs] = percents(probability, needed);
    return `${favoured} has a probability of ${has} and would need ${needs}`;
  }
  const excess = outlook.expectedReturnPct - outlook.averageReturnPct;
  if ((favoured === 'BUY' ? excess : -excess) < rule.minExcessPct) {
    const side = favoured === 'BUY' ? 'above' : 'below';
    return `${favoured} would need an expected return ${rule.minExcessPct} points ${side} the average instrument's ${outlook.averageReturnPct.toFixed(1)}%`;
  }
  if (favoured === 'BUY' && outlook.volatility > rule.maxVolatility) {
    const [has, allowed] = percents(outlook.volatility, rule.maxVolatility);
    return `its volatility of ${has} a year is above this profile's ${allowed}`;
  }
  return undefined;
}

/** Two shares with as many digits as tell one from the other. */
function percents(a: number, b: number, digits = 0): [string, string] {
  const texts: [string, string] = [`${(a * 100).toFixed(digits)}%`, `${(b * 100).toFixed(digits)}%`];
  return texts[0] === texts[1] && digits < 9 ? percents(a, b, digits + 1) : texts;
}
