import type { CallEntry, Estimate, TrackRecord } from '../../api-types.d.ts';
import { type Label, PROFILE_WORDS, type Profile } from '../api/profiles.ts';
import { count, day, distance, points } from '../ui/format.ts';
import type { Kind } from './filters.ts';

export const INTERVAL_HINT =
  'A range that contains the true value in 95 of 100 cases. If it contains 0, chance alone could explain the result.';

export const OVERDUE_HINT =
  'They have no result although their horizon has passed, mostly because the stock was delisted or is no longer followed. No figure contains them.';

/** How the page names the calls of each kind. */
const KIND_NAMES: Record<Kind, string> = {
  live: '',
  backdated: 'backdated ',
  hindsight: 'hindsight ',
  sample: 'sample ',
};

/** The calls of a label and profile, such as `BUY calls of the moderate profile`. */
export function callsOf(label: Label, profile: Profile, kind: Kind): string {
  return `${KIND_NAMES[kind]}${label} calls of the ${PROFILE_WORDS[profile].name.toLowerCase()} profile`;
}

/** What the record says so far, and whether it can say it. */
type Answered = Pick<TrackRecord, 'kind' | 'groups' | 'horizonDays' | 'firstResultDay'>;

/** How good the calls of a label and profile have been after costs, or that it is too early to tell. */
export function describeResult(record: Answered, label: 'BUY' | 'SELL', profile: Profile): string {
  const { kind, groups, horizonDays, firstResultDay } = record;
  const name = callsOf(label, profile, kind);
  const group = groups.find((one) => one.label === label && one.profile === profile);
  const entry = group?.close;
  const { value } = entry?.afterCosts.lessAveragePct ?? { value: null };
  if (!group || !entry || value === null) {
    const when = firstResultDay === null ? '' : ` The first results are due about ${day(firstResultDay)}.`;
    return `It is too early to tell how good ${name} are: none has a result yet.${when}`;
  }
  const size = `${distance(value)} points ${value < 0 ? 'less' : 'more'} than the average stock`;
  const over = horizonDays === null ? '' : ` over ${horizonDays} trading days`;
  const basis = `${intervalOf(entry.afterCosts.lessAveragePct)}${count(group.calls, 'call')}`;
  return `After costs, ${name} returned ${size}${over} (${basis}). ${VERDICTS[entry.verdict ?? 'tooEarly']}`;
}

function intervalOf({ low, high }: Estimate): string {
  return low === null || high === null ? '' : `95% interval ${points(low)} to ${points(high)}, `;
}

const VERDICTS: Record<NonNullable<CallEntry['verdict']>, string> = {
  better: 'Chance alone is unlikely to explain this.',
  worse: 'They were worse than chance alone is likely to explain.',
  tooEarly: 'It is too early to tell: chance alone could explain this.',
};

/** A verdict in a table. */
export const VERDICT_NAMES: typeof VERDICTS = {
  better: 'better',
  worse: 'worse',
  tooEarly: 'too early to tell',
};
