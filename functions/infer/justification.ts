import { inputSentence } from '../features/model-inputs.ts';
import { percent, signedPercent } from '../features/sentences.ts';
import { LABELS, type Label } from '../shared/constants.ts';
import { defined } from '../shared/invariant.ts';
import type { Call, Outlook } from './profiles.ts';

/** The facts from which a justification is written. */
export interface Reasons {
  call: Call;
  outlook: Outlook;
  horizonDays: number;
  /** Model inputs by name; an input without a value is not named as a reason. */
  features: Record<string, number>;
  /** Each input's share in the expected return, as a fraction, by name. */
  contributions: Record<string, number>;
  /** ISO 4217 code of the prices; null if unknown. */
  currency: string | null;
}

/** How many inputs a justification names. */
const NAMED_INPUTS = 3;

/** What each label predicts. Labels are made from returns less the average of the day's stocks. */
const PREDICTED: Record<Label, string> = {
  SELL: 'clearly lagging',
  HOLD: 'staying near',
  BUY: 'clearly beating',
};

/**
 * Writes a call and its reasons for a person: the chance and the estimate, the inputs that moved the estimate most,
 * the profile's objection if it has one, and the risk.
 */
export function justify(facts: Reasons): string {
  const { call, outlook, horizonDays, features, contributions, currency } = facts;
  return [
    chance(call, outlook, horizonDays),
    `Estimated return ${signedPercent(outlook.expectedReturnPct / 100)}; average stock ${signedPercent(outlook.averageReturnPct / 100)}.`,
    ...reasons(features, contributions),
    ...(call.heldBack === undefined ? [] : [`${call.heldBack}.`]),
    ...risk(call, outlook, currency),
  ].join(' ');
}

function chance({ label, confidence }: Call, { baseRates }: Outlook, horizonDays: number): string {
  const inHundred = (probability: number) => (probability * 100).toFixed(0);
  const baseRate = defined(baseRates[LABELS.indexOf(label)], `base rate of ${label}`);
  const own = inHundred(confidence);
  return (
    `${article(own)} ${own} in 100 chance of ${PREDICTED[label]} the average stock over ${horizonDays} trading days ` +
    `(${inHundred(baseRate)} in 100 for any stock).`
  );
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
      return `${sentence} (${contribution < 0 ? '' : '+'}${(contribution * 100).toFixed(2)} points).`;
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
