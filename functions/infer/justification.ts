import { inputSentence } from '../features/model-inputs.ts';
import { percent } from '../features/sentences.ts';
import { defined } from '../shared/invariant.ts';
import { chancesOf } from './chances.ts';
import type { Call, Outlook } from './profiles.ts';

/** The facts from which a justification is written. */
export interface Reasons {
  call: Call;
  outlook: Outlook;
  horizonDays: number;
  /** Model inputs by name; an input without a value is not named as a reason. */
  features: Record<string, number>;
  /** Each input's share in the expected excess, as a fraction, by name. */
  contributions: Record<string, number>;
  /** ISO 4217 code of the prices; null if unknown. */
  currency: string | null;
}

/** How many inputs a justification names. */
const NAMED_INPUTS = 3;

/**
 * Writes a call and its reasons for a person: the two chances and the estimate, the inputs that moved the estimate most,
 * the profile's objection if it has one, and the risk.
 */
export function justify(facts: Reasons): string {
  const { call, outlook, horizonDays, features, contributions, currency } = facts;
  return [
    chances(outlook, horizonDays),
    `Its estimated return is ${apart(outlook.expectedExcessPct)} the average stock's.`,
    ...reasons(features, contributions),
    ...(call.heldBack === undefined ? [] : [`${call.heldBack}.`]),
    ...risk(call, outlook, currency),
  ].join(' ');
}

/** Labels are made from returns less the average of the day's stocks, so a large move is one away from the average. */
function chances({ probabilities: [SELL, , BUY], baseRates }: Outlook, horizonDays: number): string {
  const inHundred = (probability: number) => (probability * 100).toFixed(0);
  const { largeMove, up } = chancesOf({ SELL, BUY });
  const large = inHundred(largeMove);
  return (
    `${article(large)} ${large} in 100 chance of clearly beating or lagging the average stock over ${horizonDays} ` +
    `trading days (${inHundred(1 - baseRates[1])} in 100 for any stock), and then ${inHundred(up)} in 100 of beating it.`
  );
}

/** @example apart(-0.14); // '0.14 points below' */
function apart(points: number): string {
  return `${Math.abs(points).toFixed(2)} points ${points < 0 ? 'below' : 'above'}`;
}

/** The article before a whole number of at most 100: "an" before eight, eleven, eighteen and the eighties. */
function article(number: string): 'A' | 'An' {
  return /^(8\d?|11|18)$/.test(number) ? 'An' : 'A';
}

function reasons(features: Record<string, number>, contributions: Record<string, number>): string[] {
  return Object.entries(contributions)
    .filter(([name, contribution]) => contribution !== 0 && features[name] !== undefined)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, NAMED_INPUTS)
    .map(([name, contribution]) => {
      const sentence = inputSentence(name, defined(features[name], `value of the input ${name}`));
      return `${sentence} (${contribution < 0 ? '' : '+'}${(contribution * 100).toFixed(3)} points).`;
    });
}

function risk({ stopLoss }: Call, { close, volatility }: Outlook, currency: string | null): string[] {
  const stop = `${stopLoss.toFixed(2)}${currency === null ? '' : ` ${currency}`}`;
  const distance = stopLoss / close - 1;
  return [
    `A usual year moves its price by about ${percent(volatility, 0)}.`,
    `The stop at ${stop} is ${percent(Math.abs(distance))} ${distance < 0 ? 'below' : 'above'} the close.`,
  ];
}
