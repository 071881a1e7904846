import type { Label, Profile } from '../shared/constants.ts';

/** What a profile asks before it says BUY or SELL, and how wide it sets stop and target. */
export interface ProfileRule {
  /** Least calibrated probability of the label. */
  minProbability: number;
  /** Least expected return over the horizon in percent: at or above it for BUY, at or below its negative for SELL. */
  minExpectedReturnPct: number;
  /** Largest annualised volatility (vol_20d) at which a BUY is offered. */
  maxVolatility: number;
  /** Distance of the stop and of the target from the close, in average true ranges. */
  stopAtr: number;
  targetAtr: number;
}

/**
 * The rules, one row a profile. A base rate is about 0.3 for BUY and SELL each, so a floor says how far above
 * chance a call must be. What meets no rule is HOLD: with no edge, that is the answer.
 */
export const PROFILE_RULES: Record<Profile, ProfileRule> = {
  conservative: {
    minProbability: 0.4,
    minExpectedReturnPct: 1.5,
    maxVolatility: 0.3,
    stopAtr: 2,
    targetAtr: 3,
  },
  moderate: {
    minProbability: 0.37,
    minExpectedReturnPct: 1,
    maxVolatility: 0.45,
    stopAtr: 2.5,
    targetAtr: 4,
  },
  aggressive: {
    minProbability: 0.34,
    minExpectedReturnPct: 0.5,
    maxVolatility: 0.8,
    stopAtr: 3,
    targetAtr: 6,
  },
};

/** What is known of an instrument when a profile decides. */
export interface Outlook {
  /** Calibrated probabilities of SELL, HOLD and BUY. */
  probabilities: readonly [number, number, number];
  expectedReturnPct: number;
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
  /** Why a BUY or SELL that the probabilities favoured was not given; absent otherwise. */
  heldBack?: string;
}

/**
 * Applies a profile's rule. For SELL the stop is above the close and the target below it, the levels at which
 * the call proves wrong or right; for BUY and HOLD it is the other way round. A target or stop never falls
 * below a hundredth of the close.
 */
export function decide(outlook: Outlook, rule: ProfileRule): Call {
  const [sell, hold, buy] = outlook.probabilities;
  const favoured: Label = buy > sell ? 'BUY' : 'SELL';
  const probability = Math.max(buy, sell);
  const heldBack = objection(outlook, rule, favoured, probability);
  const label = heldBack ? 'HOLD' : favoured;
  const direction = label === 'SELL' ? -1 : 1;
  const level = (distance: number) => Math.max(outlook.close + distance * outlook.atr, outlook.close / 100);
  return {
    label,
    confidence: label === 'HOLD' ? hold : probability,
    stopLoss: level(-direction * rule.stopAtr),
    takeProfit: level(direction * rule.targetAtr),
    ...(heldBack && probability > hold ? { heldBack } : {}),
  };
}

function objection(
  outlook: Outlook,
  rule: ProfileRule,
  favoured: Label,
  probability: number,
): string | undefined {
  const percent = (share: number) => `${(share * 100).toFixed(0)}%`;
  if (probability < rule.minProbability) {
    return `a ${favoured} would need a probability of ${percent(rule.minProbability)}, and it is ${percent(probability)}`;
  }
  const signed = favoured === 'BUY' ? outlook.expectedReturnPct : -outlook.expectedReturnPct;
  if (signed < rule.minExpectedReturnPct) {
    const least = favoured === 'BUY' ? rule.minExpectedReturnPct : -rule.minExpectedReturnPct;
    return `a ${favoured} would need an expected return of ${least}% or ${favoured === 'BUY' ? 'more' : 'less'}, and it is ${outlook.expectedReturnPct.toFixed(1)}%`;
  }
  if (favoured === 'BUY' && outlook.volatility > rule.maxVolatility) {
    return `its volatility of ${percent(outlook.volatility)} a year is above this profile's ${percent(rule.maxVolatility)}`;
  }
  return undefined;
}
