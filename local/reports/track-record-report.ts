import type { Estimate, Group, TrackRecord } from '../../functions/api/recommendations/track-record.ts';
import { type CallKind, KIND_WORDS } from '../../functions/shared/call-kinds.ts';
import { counted, paragraph } from '../terminal/paragraph.ts';
import { table } from '../terminal/table.ts';

const VERDICT_WORDS = {
  better: 'Better than average',
  worse: 'Worse than average',
  tooEarly: 'Too early to tell',
} as const;

/** A track record as text: a table of the groups, and what the probabilities and the ranking were worth. */
export function trackRecordText(record: TrackRecord): string {
  const { kind, from, to, days, calls, horizonDays, benchmark, groups } = record;
  const caveat = kind === 'live' ? [] : [paragraph(KIND_WORDS[kind])];
  if (calls === 0)
    return [...caveat, emptyText(kind, record.firstResultDay), ...overdueText(record.overdue)].join('\n');
  return [
    ...caveat,
    paragraph(
      `${counted(calls, `${kind} call`)} of ${counted(days, 'day')} from ${from} to ${to}, each with its result after ${horizonDays} trading days.`,
    ),
    table(
      groups.map((group) => rowOf(group, benchmark)),
      { right: ['Calls', 'Right', 'Any stock', 'Stop first', 'Target first'] },
    ),
    paragraph(
      `Right: the share of BUY calls that beat the average stock, or of SELL calls that lagged it, from the close; next to it, the share of all stocks. The returns run from the next open and are after costs of ${record.costBasisPoints} basis points a trade. A SELL is good if its stocks return less than the average.`,
    ),
    ...overdueText(record.overdue),
    ...calibrationText(record),
    ...rankingText(record),
  ].join('\n');
}

function emptyText(kind: CallKind, firstResultDay: string | null): string {
  const next = firstResultDay
    ? `The first result comes about ${firstResultDay}.`
    : 'A call gets its result when its horizon has passed, usually 20 trading days after its day.';
  return paragraph(`No ${kind} call of this selection has a result yet. ${next}`);
}

function overdueText(overdue: number): string[] {
  if (overdue === 0) return [];
  const [have, their] = overdue === 1 ? ['has', 'its'] : ['have', 'their'];
  return [
    paragraph(
      `${counted(overdue, 'more call')} ${have} no result although ${their} horizon has passed, mostly because the stock was delisted or is no longer followed. No figure contains ${overdue === 1 ? 'it' : 'them'}.`,
    ),
  ];
}

function rowOf(group: Group, benchmark: string | null): Record<string, string> {
  const { open, exits } = group;
  return {
    Profile: group.profile,
    Call: group.label,
    Calls: group.calls.toLocaleString('en-GB'),
    Right: share(group.hitRate),
    'Any stock': share(group.baseRate),
    'Less average stock': points(open.afterCosts.lessAveragePct),
    ...(benchmark && { [`Less ${benchmark}`]: points(open.afterCosts.lessBenchmarkPct) }),
    'Momentum list': points(open.momentumLessAveragePct),
    'Stop first': share(exits.stopRate),
    'Target first': share(exits.targetRate),
    Verdict: open.verdict ? VERDICT_WORDS[open.verdict] : '',
  };
}

function calibrationText({ calibration }: TrackRecord): string[] {
  if (!calibration) return [];
  const { value, low, high } = calibration.expectedCalibrationError;
  if (value === null) return [];
  return [
    paragraph(
      `Stated probabilities miss how often they came true by ${percent(value)} on average${interval(low, high, percent)}. They cover ${counted(calibration.stocks, 'outcome')}.`,
    ),
  ];
}

function rankingText({ rankIc: { value, low, high, days } }: TrackRecord): string[] {
  if (value === null) return [];
  const digits = (correlation: number) => correlation.toFixed(3);
  return [
    paragraph(
      `Rank correlation of score and return: ${digits(value)}${interval(low, high, digits)} over ${counted(days, 'day')}; 0 is chance, 1 is perfect.`,
    ),
  ];
}

function interval(low: number | null, high: number | null, format: (value: number) => string): string {
  return low === null || high === null ? '' : ` (95% interval ${format(low)} to ${format(high)})`;
}

const percent = (value: number) => `${(value * 100).toFixed(1)}%`;

/** @example share({ value: 0.54, low: 0.5, high: 0.6 }) // '54%' */
function share({ value }: Estimate): string {
  return value === null ? '–' : `${Math.round(value * 100)}%`;
}

/** @example points({ value: 0.321, low: -0.4, high: 1.1 }) // '+0.32 (-0.40 to +1.10)' */
function points({ value, low, high }: Estimate): string {
  if (value === null) return '–';
  const signed = (number: number) => `${number >= 0 ? '+' : ''}${number.toFixed(2)}`;
  return low === null || high === null
    ? signed(value)
    : `${signed(value)} (${signed(low)} to ${signed(high)})`;
}
