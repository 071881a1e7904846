import type { Label, Profile } from '../shared/constants.ts';

/** A profile's conditions for BUY and SELL, and its distances of stop and target. */
export interface ProfileRule {
  /** Least probability of the label, as a multiple of its base rate; 1 is chance. */
  minLift: number;
  /**
   * Least distance of the expected return from the average instrument's, in percentage points over the horizon:
   * above the average for BUY, below it for SELL.
   */
  minExcessPct: number;
  /** Largest annualised volatility (vol_20d) at which a BUY is offered. */
  maxVolatility: number;
  /** Distance of the stop and of the target from the close, in average true ranges. */
  stopAtr: number;
  targetAtr: number;
}

/**
 * One rule per profile. A probability must be compared with its base rate: after a rising market, most calls of any
 * model are BUY. So a call must beat its base rate and the average instrument; otherwise it is HOLD. Each profile
 * accepts every call that a more careful profile accepts.
 */
export const PROFILE_RULES: Record<Profile, ProfileRule> = {
  conservative: { minLift: 1.25, minExcessPct: 0.5, maxVolatility: 0.3, stopAtr: 2, targetAtr: 3 },
  moderate: { minLift: 1.15, minExcessPct: 0.25, maxVolatility: 0.45, stopAtr: 2.5, targetAtr: 4 },
  aggressive: { minLift: 1.05, minExcessPct: 0, maxVolatility: 0.8, stopAtr: 3, targetAtr: 6 },
};

/** The facts about an instrument from which a profile decides. */
export interface Outlook {
  /** Calibrated probabilities of SELL, HOLD and BUY. */
  probabilities: readonly [number, number, number];
  /** Share of each label among the training rows. */
  baseRates: readonly [number, number, number];
  /** Expected return over the horizon. */
  expectedReturnPct: number;
  /** Expected return of the average instrument over the horizon. */
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
  /** Why a HOLD is not the likelier of BUY and SELL, as a sentence without its full stop. */
  heldBack?: string;
}

/**
 * Applies a profile's rule. For SELL the stop is above the close and the target below it; for BUY and HOLD it is the
 * reverse. A stop or target is at least a hundredth of the close.
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

/** Why a profile does not give the favoured call, as a sentence without its full stop. */
function objection(
  { probabilities, baseRates, expectedReturnPct, averageReturnPct, volatility }: Outlook,
  rule: ProfileRule,
  favoured: 'BUY' | 'SELL',
): string | undefined {
  const [index, direction] = favoured === 'BUY' ? ([2, 1] as const) : ([0, -1] as const);
  const needed = rule.minLift * baseRates[index];
  if (probabilities[index] < needed) {
    const [chance, least] = distinct(probabilities[index] * 100, needed * 100);
    return `Not a ${favoured}: its chance is ${chance}%, and this profile needs ${least}%`;
  }
  const excess = expectedReturnPct - averageReturnPct;
  if (direction * excess < rule.minExcessPct) {
    const [found, least] = distinct(excess, direction * rule.minExcessPct, 2);
    const average = favoured === 'BUY' ? 'at least the average' : 'at most the average';
    const needs = rule.minExcessPct > 0 ? `${apart(least)} it` : average;
    return `Not a ${favoured}: its estimated return is ${apart(found)} the average stock's, and this profile needs ${needs}`;
  }
  if (favoured === 'BUY' && volatility > rule.maxVolatility) {
    const [found, most] = distinct(volatility * 100, rule.maxVolatility * 100);
    return `Not a BUY: a usual year moves the price by ${found}%, and this profile allows ${most}%`;
  }
  return undefined;
}

function apart(points: string): string {
  return points.startsWith('-') ? `${points.slice(1)} points below` : `${points} points above`;
}

/** Two numbers with as many decimals as distinguish them. */
function distinct(a: number, b: number, decimals = 0): [string, string] {
  const texts: [string, string] = [a.toFixed(decimals), b.toFixed(decimals)];
  return texts[0] === texts[1] && decimals < 9 ? distinct(a, b, decimals + 1) : texts;
}
