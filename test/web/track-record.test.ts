import { expect, test } from 'vitest';
import type { CallEntry, CallReturns, Estimate, Outcome, TrackRecordGroup } from '../../web/api-types.d.ts';
import { compareReturn, describeTrade } from '../../web/src/detail/outcome-words.ts';
import { scaleOf } from '../../web/src/track-record/chart-scale.ts';
import { readRecordFilters, withoutFilters } from '../../web/src/track-record/filters.ts';
import { describeResult } from '../../web/src/track-record/words.ts';
import { toQuery } from '../../web/src/ui/link-filters.ts';

const read = (query: string) => readRecordFilters(new URLSearchParams(query));

test('reads the filters of a query and writes the same query', () => {
  const query = 'profile=moderate&label=SELL&model=v1.2.3&kind=hindsight&from=2026-03-01&to=2026-03-02';
  const { filters, problems } = read(query);
  expect(problems).toEqual([]);
  expect(toQuery(filters).toString()).toBe(query);
  expect(toQuery(withoutFilters(filters)).toString()).toBe('profile=moderate');
});

test('omits live calls from the query, because they are the default', () => {
  const { filters, problems } = read('kind=live');
  expect(problems).toEqual([]);
  expect(toQuery(filters).toString()).toBe('');
});

test.each([
  ['kind=best', 'kind must be live, backdated, hindsight or sample, not “best”'],
  ['model=latest', 'model must be a version such as v1.2.3, not “latest”'],
  ['from=2026-02-30', 'from must be a day such as 2026-03-02, not “2026-02-30”'],
  ['sector=Energy', '“sector” is not a filter of this list'],
])('ignores the invalid query %s and reports it', (query, problem) => {
  const { filters, problems } = read(query);
  expect(problems).toEqual([problem]);
  expect(toQuery(filters).toString()).toBe('');
});

const estimate = (value: number | null, low: number | null = null, high: number | null = null): Estimate => ({
  value,
  low,
  high,
});

/** A record with one group of 1,240 BUY calls. */
function makeRecord(lessAverage: Estimate, verdict: CallEntry['verdict'], calls = 1240) {
  const none = estimate(null);
  const returns: CallReturns = { returnPct: none, lessAveragePct: none, lessBenchmarkPct: none };
  const entry: CallEntry = {
    calls,
    beforeCosts: returns,
    afterCosts: { ...returns, lessAveragePct: lessAverage },
    momentumLessAveragePct: none,
    verdict,
  };
  const group: TrackRecordGroup = {
    profile: 'moderate',
    label: 'BUY',
    calls,
    days: 250,
    hitRate: none,
    baseRate: none,
    hitRateLessBase: none,
    close: entry,
    open: entry,
    exits: {
      calls: 0,
      stopRate: none,
      targetRate: none,
      medianSessionsToStop: none,
      medianSessionsToTarget: none,
    },
  };
  return { kind: 'live' as const, groups: [group], horizonDays: 20, firstResultDay: null };
}

test.each([
  [
    makeRecord(estimate(0.4, 0.04, 0.8), 'better'),
    'After costs, BUY calls of the moderate profile returned 0.40 points more than the average stock over 20 trading days (95% interval +0.04 to +0.80, 1,240 calls). Chance alone is unlikely to explain this.',
  ],
  [
    makeRecord(estimate(-0.4, -0.8, -0.04), 'worse'),
    'After costs, BUY calls of the moderate profile returned 0.40 points less than the average stock over 20 trading days (95% interval -0.80 to -0.04, 1,240 calls). They were worse than chance alone is likely to explain.',
  ],
  [
    { ...makeRecord(estimate(0.4), 'tooEarly', 1), kind: 'hindsight' as const },
    'After costs, hindsight BUY calls of the moderate profile returned 0.40 points more than the average stock over 20 trading days (1 call). It is too early to tell: chance alone could explain this.',
  ],
])('says how good calls have been, and what chance could explain: %#', (record, words) => {
  expect(describeResult(record, 'BUY', 'moderate')).toBe(words);
});

test('says that it is too early to tell without a result, and when the first is due', () => {
  const record = { ...makeRecord(estimate(0.4), 'tooEarly'), firstResultDay: '2026-04-02' };
  expect(describeResult(record, 'SELL', 'moderate')).toMatch(
    /^It is too early to tell how good SELL calls of the moderate profile are: none has a result yet. The first results are due about .*2.*\.$/,
  );
  expect(describeResult({ ...record, firstResultDay: null }, 'BUY', 'aggressive')).toBe(
    'It is too early to tell how good BUY calls of the aggressive profile are: none has a result yet.',
  );
});

test.each([
  [
    [-0.3, 1.2],
    [-0.5, 0, 0.5, 1, 1.5],
  ],
  [
    [0.02, 0.031],
    [0, 0.01, 0.02, 0.03, 0.04],
  ],
  [
    [-7, -3],
    [-8, -6, -4, -2, 0],
  ],
  [[0], [0, 0.5]],
  [[], [0, 0.5]],
])('has round grid lines around %o and 0', (values, ticks) => {
  expect(scaleOf(values)).toEqual({ low: ticks[0], high: ticks.at(-1), ticks });
});

const OUTCOME: Outcome = {
  exitDay: '2026-03-02',
  entryClose: 100,
  entryOpen: 101,
  exitClose: 95,
  realisedReturnPct: -5,
  openReturnPct: -5.9,
  returnAfterCostsPct: -5.2,
  openReturnAfterCostsPct: -6.13,
  firstHit: null,
  marketReturnPct: null,
  right: null,
};

test.each([
  [{}, 'Neither stop nor target reached. From the next open, after costs: -6.1%.'],
  [
    { firstHit: { which: 'stop' as const, sessions: 1 } },
    'Stop reached after 1 trading day. From the next open, after costs: -6.1%.',
  ],
  // An outcome from before the next open was kept.
  [{ entryOpen: null, openReturnPct: null, openReturnAfterCostsPct: null }, ''],
])('says how a trade went: %o', (fields, words) => {
  expect(describeTrade({ ...OUTCOME, ...fields })).toBe(words);
});

test('compares the return of a call with that of the average stock', () => {
  const compare = (realisedReturnPct: number, marketReturnPct: number | null) =>
    compareReturn({ ...OUTCOME, realisedReturnPct, marketReturnPct });
  expect(compare(-5, -7.2)).toBe('-5.0%, average stock -7.2%: 2.20 points better');
  expect(compare(5, 7.2)).toBe('+5.0%, average stock +7.2%: 2.20 points worse');
  expect(compare(5, null)).toBe('+5.0%');
});
