import type { Label, Profile } from '../shared/constants.ts';

/** A profile's conditions for BUY and SELL, and its distances of stop and target. */
export interface ProfileRule {
  /** Share of the day's stocks that may get a BUY, from the best, and that may get a SELL, from the worst. */
  share: number;
  /** Largest annualised volatility (vol_20d) at which a BUY is offered. */
  maxVolatility: number;
  /** Distance of the stop and of the target from the close, in average true ranges. */
  stopAtr: number;
  targetAtr: number;
}

/**
 * One rule per profile. Scores are comparable only within a day, so profiles take shares of the day's stocks. A BUY must
 * also be expected to beat the average stock, and a SELL to lag it; otherwise the call is HOLD. Each profile accepts
 * every call that a more careful profile accepts.
 */
export const PROFILE_RULES: Record<Profile, ProfileRule> = {
  conservative: { share: 0.02, maxVolatility: 0.3, stopAtr: 2, targetAtr: 3 },
  moderate: { share: 0.05, maxVolatility: 0.45, stopAtr: 2.5, targetAtr: 4 },
  aggressive: { share: 0.1, maxVolatility: 0.8, stopAtr: 3, targetAtr: 6 },
};

/** The columns of `model_inputs` that a call needs besides the model's inputs. */
export const CALL_INPUTS = ['vol_20d', 'close_price', 'atr_14'] as const;

/** The facts about an instrument from which a profile decides. */
export interface Outlook {
  /** Calibrated probabilities of SELL, HOLD and BUY. */
  probabilities: readonly [number, number, number];
  /** Share of each label among the training rows. */
  baseRates: readonly [number, number, number];
  /** Share of the day's stocks that rank above it: near 0 for the best, near 1 for the worst. */
  place: number;
  /** Expected return over the horizon less that of the average stock, in percentage points. */
  expectedExcessPct: number;
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
  /** Why a HOLD is not BUY in the better half, or SELL in the worse, as a sentence without its full stop. */
  heldBack?: string;
}

/**
 * Applies a profile's rule. For SELL the stop is above the close and the target below it; for BUY and HOLD it is the
 * reverse. A stop or target is at least a hundredth of the close.
 */
export function decide(outlook: Outlook, rule: ProfileRule): Call {
  const [sell, hold, buy] = outlook.probabilities;
  const favoured = outlook.place <= 0.5 ? 'BUY' : 'SELL';
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
  { place, expectedExcessPct, volatility }: Outlook,
  rule: ProfileRule,
  favoured: 'BUY' | 'SELL',
): string | undefined {
  const [share, excess, end, than] =
    favoured === 'BUY'
      ? ([place, expectedExcessPct, 'best', 'more'] as const)
      : ([1 - place, -expectedExcessPct, 'worst', 'less'] as const);
  if (share > rule.share) {
    const [own, most] = distinct(share * 100, rule.share * 100);
    return `Not a ${favoured}: it is among the ${end} ${own}% of stocks, and this profile takes the ${end} ${most}%`;
  }
  if (!(excess > 0)) return `Not a ${favoured}: it is not expected to return ${than} than the average stock`;
  if (favoured === 'BUY' && volatility > rule.maxVolatility) {
    const [found, most] = distinct(volatility * 100, rule.maxVolatility * 100);
    return `Not a BUY: a usual year moves the price by ${found}%, and this profile allows ${most}%`;
  }
  return undefined;
}

/** Two numbers with as many decimals as distinguish them. */
function distinct(a: number, b: number, decimals = 0): [string, string] {
  const texts: [string, string] = [a.toFixed(decimals), b.toFixed(decimals)];
  return texts[0] === texts[1] && decimals < 9 ? distinct(a, b, decimals + 1) : texts;
}
