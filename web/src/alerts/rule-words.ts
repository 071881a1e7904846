import type { AlertRule } from '../../api-types.d.ts';
import { PROFILE_WORDS } from '../api/profiles.ts';

export type RuleKind = AlertRule['kind'];

/** The kinds of rules, in the order in which the page shows them. */
export const RULE_KINDS = ['label', 'calls', 'levels', 'digest'] as const satisfies readonly RuleKind[];

/** What each kind of rule sends: a sentence for its switch, and an explanation. */
export const RULE_WORDS: Record<RuleKind, { sentence: string; about: string }> = {
  label: {
    sentence: 'Tell me when the call of a stock changes',
    about: 'For example from HOLD to BUY, or when a stock gets no call any more.',
  },
  calls: {
    sentence: 'Tell me about each new BUY and SELL',
    about: 'One message after each update, with the stocks that became BUY or SELL.',
  },
  levels: {
    sentence: 'Tell me when a price reaches the stop or the target of a call',
    about: 'You learn it after the close of that trading day, not during the day.',
  },
  digest: {
    sentence: 'Send me a summary of all changes',
    about: 'Once a day or once a week. You get nothing if nothing changed.',
  },
};

/** A new rule of a kind, as the page proposes it. */
export const PROPOSED: Record<RuleKind, Pick<AlertRule, 'scope' | 'frequency' | 'time' | 'weekday'>> = {
  label: { scope: 'followed', frequency: null, time: null, weekday: null },
  calls: { scope: 'all', frequency: null, time: null, weekday: null },
  levels: { scope: 'followed', frequency: null, time: null, weekday: null },
  digest: { scope: 'followed', frequency: 'daily', time: '08:00', weekday: null },
};

/** The days of the week; ISO 8601 gives Monday the number 1. */
export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/**
 * A rule's details as one sentence.
 *
 * @param names - the names of the channels by their ids
 * @example 'Stocks that I follow, moderate profile, every Monday at 08:00, to all channels'
 */
export function describeRule(rule: AlertRule, names: ReadonlyMap<string, string>): string {
  const stocks = rule.scope === 'followed' ? 'Stocks that you follow' : 'All stocks';
  const profile =
    rule.profile === null ? 'your own profile' : `${PROFILE_WORDS[rule.profile].name.toLowerCase()} profile`;
  return `${[stocks, profile, ...whenOf(rule), channelsOf(rule, names)].join(', ')}.`;
}

function whenOf({ frequency, time, weekday }: AlertRule): string[] {
  if (frequency === null) return [];
  const day = weekday === null ? 'every day' : `every ${WEEKDAYS[weekday - 1]}`;
  return [`${day} at ${time}`];
}

function channelsOf({ channelIds }: AlertRule, names: ReadonlyMap<string, string>): string {
  if (channelIds === null) return 'to all channels';
  const chosen = channelIds.flatMap((id) => names.get(id) ?? []);
  return chosen.length === 0 ? 'to no channel' : `to ${chosen.join(' and ')}`;
}
