import { inputSentence } from '../features/model-inputs.ts';
import { percent } from '../features/sentences.ts';
import type { ChangeKind } from '../shared/change-kinds.ts';
import { type Label, MAX_DATA_AGE_DAYS } from '../shared/constants.ts';

/** What a stored call says about its reasons. Calls of early versions did not store all of it. */
export interface CallReasons {
  /** `YYYY-MM-DD`. */
  asOf: string;
  modelVersion: string;
  probabilities: Record<Label, number> | null;
  /** Share of the day's stocks that rank above it. */
  place: number | null;
  /** Each input's contribution to the expected excess, by name. */
  contributions: Record<string, number>;
  /** The inputs by name. */
  features: Record<string, number>;
}

/** The facts of one change, as stored. */
export interface ChangeFacts {
  kind: ChangeKind;
  from: Label | null;
  to: Label | null;
  /** The day of the change, `YYYY-MM-DD`. */
  asOf: string;
  /** Of the prices in `detail`; null if unknown. */
  currency: string | null;
  /** Of `stop` and `target`: prices in the units of the published close. Of `withheld`: the reason. */
  detail: { level?: number; price?: number; reason?: 'too_old' | 'not_covered' };
  call: CallReasons;
  /** The call before, of `label` and `back`. */
  previous: CallReasons | null;
}

/** Says in one sentence why something changed. */
export function whyOf(facts: ChangeFacts): string {
  const { kind, from, to, call, previous } = facts;
  switch (kind) {
    case 'label':
      return `${sentenceOfLabel(facts)}.`;
    case 'stop':
    case 'target':
      return sentenceOfLevel(facts, kind);
    case 'withheld':
      return facts.detail.reason === 'not_covered'
        ? `The stock gets no calls any more, so its ${from} of ${call.asOf} is out of date.`
        : `No run could renew its ${from} of ${call.asOf}, and data more than ${MAX_DATA_AGE_DAYS} days old are too old to act on.`;
    case 'new':
      return to && to !== 'HOLD' && call.probabilities
        ? `Its first call for this profile is ${to}: ${CHANCE[to]} is ${percent(call.probabilities[to], 0)}.`
        : `Its first call for this profile is ${to}.`;
    case 'back':
      return `It has a call again: ${to}, after its ${from}${previous ? ` of ${previous.asOf}` : ''} was withheld.`;
  }
}

/** The chance that a BUY or a SELL comes true. */
const CHANCE = {
  BUY: 'its chance of clearly beating the average stock',
  SELL: 'its chance of clearly lagging the average stock',
} as const;

/** A change towards BUY has reasons that add to the expected return. */
const SIDE: Record<Label, number> = { SELL: -1, HOLD: 0, BUY: 1 };

function sentenceOfLabel({ from, to, call, previous }: ChangeFacts): string {
  const side = to === 'HOLD' ? from : to;
  if (!from || !to || !side || side === 'HOLD' || !previous?.probabilities || !call.probabilities)
    return `The call changed from ${from} to ${to}`;
  const [before, after] = [previous.probabilities[side], call.probabilities[side]];
  const moved = `${CHANCE[side]} ${movement(before, after) ?? `stayed at ${percent(after, 0)}${placeMovement(previous, call)}`}`;
  // The contributions of two models cannot be compared.
  if (previous.modelVersion !== call.modelVersion) return `With the new model ${call.modelVersion}, ${moved}`;
  const reason = mostChanged(previous, call, Math.sign(SIDE[to] - SIDE[from]));
  return capitalised(
    reason === undefined ? moved : `${moved}; the reason that changed most: ${uncapitalised(reason)}`,
  );
}

/** @example movement(0.31, 0.38); // 'rose from 31% to 38%' */
function movement(from: number, to: number): string | undefined {
  const [before, after] = [percent(from, 0), percent(to, 0)];
  return before === after ? undefined : `${to > from ? 'rose' : 'fell'} from ${before} to ${after}`;
}

/** Profiles take shares of the ranked stocks, so a label can change while the rounded chance does not. */
function placeMovement(previous: CallReasons, call: CallReasons): string {
  if (previous.place === null || call.place === null) return '';
  const [before, after] = [endOf(previous.place), endOf(call.place)];
  return before === after ? '' : `, and it moved from the ${before} to the ${after} of stocks`;
}

/** @example endOf(0.04); // 'best 4%' */
function endOf(place: number): string {
  const [end, share] = place <= 0.5 ? ['best', place] : ['worst', 1 - place];
  return `${end} ${Math.max(1, Math.round(share * 100))}%`;
}

/** The input whose contribution moved most towards a side, as a sentence without its full stop. */
function mostChanged(previous: CallReasons, call: CallReasons, side: number): string | undefined {
  let most: { name: string; by: number } | undefined;
  for (const [name, contribution] of Object.entries(call.contributions)) {
    const by = (contribution - (previous.contributions[name] ?? 0)) * side;
    if (by > (most?.by ?? 0) && call.features[name] !== undefined) most = { name, by };
  }
  const value = most && call.features[most.name];
  return most && value !== undefined ? inputSentence(most.name, value) : undefined;
}

function sentenceOfLevel(
  { from, asOf, currency, detail: { level, price }, call }: ChangeFacts,
  kind: 'stop' | 'target',
): string {
  const side = (kind === 'stop') === (from === 'SELL') ? 'high' : 'low';
  const money = (amount: number | undefined) =>
    amount === undefined
      ? 'an unknown price'
      : `${amount.toFixed(2)}${currency === null ? '' : ` ${currency}`}`;
  return `Its ${side} of ${money(price)} on ${asOf} reached ${money(level)}, the ${kind} of the ${from} of ${call.asOf}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
