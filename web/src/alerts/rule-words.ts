import type { AlertRule } from '../../api-types.d.ts';
import { PROFILE_WORDS } from '../api/profiles.ts';

export type RuleKind = AlertRule['kind'];

/** The kinds of rules, in the order in which the page shows them. */
export const RULE_KINDS = ['label', 'calls', 'levels', 'digest'] as const satisfies readonly RuleKind[];

/** What each kind of rule sends: a sentence for its switch, by the stocks that it concerns, and an explanation. */
export const RULE_WORDS: Record<RuleKind, Record<AlertRule['scope'], string> & { about: string }> = {
  label: {
    followed: 'Tell me when the call of a stock that I follow changes',
    all: 'Tell me when the call of any stock changes',
    about: 'For example from HOLD to BUY, or when a stock has no call for now.',
  },
  calls: {
    followed: 'Tell me about each new BUY and SELL of stocks that I follow',
    all: 'Tell me about each new BUY and SELL',
    about: 'One message after each update, with the stocks that became BUY or SELL.',
  },
  levels: {
    followed: 'Tell me when a stock that I follow reaches its stop or target',
    all: 'Tell me when any stock reaches its stop or target',
    about: 'You get the message after the update of that trading day, not during the day.',
  },
  digest: {
    followed: 'Send me a summary of what changed about stocks that I follow',
    all: 'Send me a summary of what changed about all stocks',
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
 * @example 'Every Monday at 08:00, for the moderate profile, to all channels.'
 */
export function describeRule(rule: AlertRule, names: ReadonlyMap<string, string>): string {
  const profile =
    rule.profile === null
      ? 'for your own profile'
      : `for the ${PROFILE_WORDS[rule.profile].name.toLowerCase()} profile`;
  const text = [...whenOf(rule), profile, channelsOf(rule, names)].join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
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
