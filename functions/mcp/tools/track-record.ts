import * as z from 'zod';
import { CALL_KINDS, KIND_WORDS } from '../../shared/call-kinds.ts';
import { LABELS, PROFILES } from '../../shared/constants.ts';
import { Notice } from '../call.ts';
import { lines, NOT_ADVICE, signed } from '../text.ts';
import { tool } from '../tool.ts';

const Estimate = z
  .strictObject({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })
  .describe('A value with its 95% interval; null where there are too few days.');
type Estimate = z.output<typeof Estimate>;

export const trackRecord = tool({
  name: 'track_record',
  title: 'Track record',
  description:
    'Shows how earlier calls turned out, by risk profile and label: hit rate against the base rate, and return after costs against the average stock, with 95% intervals.',
  input: z.strictObject({
    profile: z.enum(PROFILES).optional().describe('The risk profile; all by default.'),
    kind: z
      .enum(CALL_KINDS)
      .default('live')
      .describe('The kind of calls. Only live ones are a track record.'),
    from: z.iso.date().optional().describe('The first day of the calls, such as 2026-03-02.'),
    to: z.iso.date().optional().describe('The last day of the calls.'),
  }),
  output: z.strictObject({
    kind: z.enum(CALL_KINDS),
    from: z.string().nullable(),
    to: z.string().nullable(),
    calls: z.int().describe('Calls whose horizon has passed.'),
    days: z.int(),
    overdue: z.int().describe('Calls without a result although their horizon has passed.'),
    firstResultDay: z.string().nullable().describe('When the first result is due; null once there is one.'),
    horizonDays: z.int().nullable(),
    groups: z.array(
      z.strictObject({
        profile: z.enum(PROFILES),
        label: z.enum(LABELS),
        calls: z.int(),
        days: z.int(),
        hitRate: Estimate.describe('The share of calls that were right, from 0 to 1; null for HOLD.'),
        baseRate: Estimate.describe('The share of all stocks that did so, from 0 to 1.'),
        returnLessAveragePct: Estimate.describe('After costs, less the average stock, in points.'),
        verdict: z
          .enum(['better', 'worse', 'tooEarly'])
          .nullable()
          .describe('By the interval of returnLessAveragePct; null for HOLD.'),
      }),
    ),
    notice: Notice,
  }),
  run: async (api, query) => {
    const record = await api.call('readTrackRecord', { query });
    const { kind, from, to, calls, days, overdue, firstResultDay, horizonDays, notice } = record;
    const groups = record.groups.map((group) => ({
      profile: group.profile,
      label: group.label,
      calls: group.calls,
      days: group.days,
      hitRate: group.hitRate,
      baseRate: group.baseRate,
      returnLessAveragePct: group.close.afterCosts.lessAveragePct,
      verdict: group.close.verdict,
    }));
    return { kind, from, to, calls, days, overdue, firstResultDay, horizonDays, groups, notice };
  },
  text: ({ kind, from, to, calls, days, overdue, firstResultDay, horizonDays, groups, notice }) =>
    lines(
      calls === 0
        ? `No ${kind} call has a result yet.${firstResultDay ? ` The first one is due about ${firstResultDay}.` : ''}`
        : `${calls} ${kind} calls of ${days} days with a result, from ${from} to ${to}, each over ${horizonDays} trading days.`,
      notice,
      kind === 'live' ? null : KIND_WORDS[kind],
      overdue > 0 ? `${overdue} more calls have no result although their horizon has passed.` : null,
      groups.map(
        (group) =>
          `- ${group.profile} ${group.label}: ${group.calls} calls on ${group.days} days` +
          (group.label === 'HOLD'
            ? ', which are neither right nor wrong'
            : `; right ${share(group.hitRate)}, any stock ${share(group.baseRate)}`) +
          `; after costs ${points(group.returnLessAveragePct)} against the average stock` +
          (group.verdict === null ? '' : `; ${VERDICTS[group.verdict]}`),
      ),
      NOT_ADVICE,
    ),
});

const VERDICTS = {
  better: 'better than the average stock',
  worse: 'worse than the average stock',
  tooEarly: 'too early to tell',
} as const;

function share({ value, low, high }: Estimate): string {
  const inHundred = (of: number) => (of * 100).toFixed(0);
  if (value === null) return 'unknown';
  const interval =
    low === null || high === null ? 'no interval yet' : `95%: ${inHundred(low)} to ${inHundred(high)}`;
  return `${inHundred(value)} in 100 (${interval})`;
}

function points({ value, low, high }: Estimate): string {
  if (value === null) return 'unknown';
  const interval =
    low === null || high === null ? 'no interval yet' : `95%: ${signed(low)} to ${signed(high)}`;
  return `${signed(value)} points (${interval})`;
}
