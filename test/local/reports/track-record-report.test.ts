import { expect, test } from 'vitest';
import type { TrackRecord } from '../../../functions/api/recommendations/track-record.ts';
import { trackRecordText } from '../../../local/reports/track-record-report.ts';

const some = (value: number, low: number | null = null, high: number | null = null) => ({ value, low, high });
const none = { value: null, low: null, high: null };

const returns = { returnPct: some(2), lessAveragePct: some(0.321, -0.4, 1.1), lessBenchmarkPct: some(-1) };
const entry = {
  calls: 1234,
  beforeCosts: returns,
  afterCosts: returns,
  momentumLessAveragePct: some(0.1),
  verdict: 'tooEarly' as const,
};

const RECORD: TrackRecord = {
  kind: 'live',
  from: '2026-01-05',
  to: '2026-02-27',
  days: 40,
  calls: 1234,
  overdue: 0,
  firstResultDay: null,
  horizonDays: 20,
  benchmark: 'SPY',
  costBasisPoints: 10,
  groups: [
    {
      profile: 'moderate',
      label: 'BUY',
      calls: 1234,
      days: 40,
      hitRate: some(0.544),
      baseRate: some(0.5),
      hitRateLessBase: some(0.044),
      close: entry,
      open: entry,
      exits: {
        calls: 1234,
        stopRate: some(0.2),
        targetRate: some(0.3),
        medianSessionsToStop: some(7),
        medianSessionsToTarget: none,
      },
    },
  ],
  calibration: { stocks: 4100, expectedCalibrationError: some(0.021, 0.015, 0.03), labels: [] },
  rankIc: { days: 40, ...some(0.031, 0.01, 0.05) },
  step: 'day',
  series: [],
  models: [],
  notice: null,
};

/** The text on one line, with single spaces. */
const lineOf = (record: TrackRecord) => trackRecordText(record).replaceAll(/\s+/g, ' ');

test('prints the groups with their intervals and verdicts', () => {
  const text = lineOf(RECORD);
  expect(text).toMatch(
    /^1,234 live calls of 40 days from 2026-01-05 to 2026-02-27, each with its result after 20 trading days\./,
  );
  expect(text).toContain(
    '│ moderate │ BUY │ 1,234 │ 54% │ 50% │ +0.32 (-0.40 to +1.10) │ -1.00 │ +0.10 │ 20% │ 30% │ Too early to tell │',
  );
  expect(text).toContain('│ Less SPY │');
  expect(text).toContain('by 2.1% on average (95% interval 1.5% to 3.0%). They cover 4,100 outcomes.');
  expect(text).toContain(
    'Rank correlation of score and return: 0.031 (95% interval 0.010 to 0.050) over 40 days',
  );
});

test.each([
  [1, '1 more call has no result although its horizon has passed,'],
  [1200, '1,200 more calls have no result although their horizon has passed,'],
])('says that %i calls are overdue, also where there is no other call', (overdue, line) => {
  expect(trackRecordText({ ...RECORD, overdue })).toContain(line);
  expect(trackRecordText({ ...RECORD, overdue, calls: 0 })).toContain(line);
  expect(trackRecordText(RECORD)).not.toContain('although');
});

test('leaves out what is not known', () => {
  const text = lineOf({ ...RECORD, benchmark: null, calibration: null, rankIc: { days: 0, ...none } });
  expect(text).not.toMatch(/Less (SPY|null)|Rank correlation|probabilities/);
});

test.each([
  [
    { firstResultDay: '2026-03-26' },
    'No live call of this selection has a result yet. The first result comes about 2026-03-26.',
  ],
  [
    {},
    'No live call of this selection has a result yet. A call gets its result when its horizon has passed, usually 20 trading days after its day.',
  ],
  [
    { kind: 'sample' as const },
    'A call for sample data does not count in the track record. No sample call of this selection has a result yet. A call gets its result when its horizon has passed, usually 20 trading days after its day.',
  ],
])('says when the first result comes: %o', (change, text) => {
  expect(lineOf({ ...RECORD, calls: 0, groups: [], ...change })).toBe(text);
});
