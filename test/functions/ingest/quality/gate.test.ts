import { describe, expect, test } from 'vitest';
import {
  FAULT_REASONS,
  NOTE_REASONS,
  SUSPICION_REASONS,
} from '../../../../functions/ingest/quality/findings.ts';
import { examine, type MarketContext, type Series } from '../../../../functions/ingest/quality/gate.ts';
import { daysOf, sessionsOf } from '../../../../functions/ingest/quality/sessions.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { closing, swinging } from './series.ts';

const bars = closing(...swinging(40, 100, 0.01));
const days = daysOf(bars);
const sessions = sessionsOf([[days, days]]);

const series = (rest: Partial<Series> = {}): Series => ({
  symbol: 'AAPL',
  interval: 'daily',
  from: '2025-01-06',
  asOf: '2025-12-31',
  fetchedAt: Date.parse('2025-12-31T23:00:00Z'),
  bars,
  actions: [],
  ...rest,
});
const withClose = (place: number, close: number): RawBar[] =>
  bars.map((bar, i) => (i === place ? [bar[0], close, close, close, close, bar[5]] : bar));
const passed = (rest: Partial<Series>, context: MarketContext = { sessions }) => {
  const { bars: kept, suspects, notes, ...verdict } = examine(series(rest), context);
  return {
    kept: kept.length,
    suspects: suspects.map(({ reason }) => reason),
    notes: notes.map(({ reason }) => reason),
    ...(verdict.fault && { fault: verdict.fault.reason }),
    ...(verdict.doubt && { doubt: verdict.doubt.reason }),
  };
};
const NOTHING = { suspects: [], notes: [] };

test('what is in order passes as it is', () => {
  expect(examine(series(), { sessions })).toEqual({ bars, suspects: [], notes: [] });
});

test('a fault of one bar, a split that is not in the prices, a level that is none and a wide gap condemn the series', () => {
  const condemned = (reason: string) => ({ kept: 0, ...NOTHING, fault: reason });
  expect(passed({ bars: withClose(3, -1) })).toEqual(condemned('non_positive'));
  const halved = closing(...swinging(20, 200, 0.01), ...swinging(20, 100, 0.01));
  const actions = [
    { exDay: new Date(days[20] ?? 0).toISOString().slice(0, 10), kind: 'split', value: 2 } as const,
  ];
  expect(passed({ bars: halved, actions })).toEqual(condemned('split_unapplied'));
  expect(passed({ bars: closing(...swinging(20, 900, 0.01), ...swinging(20, 100, 0.01)) })).toEqual(
    condemned('jump'),
  );
  expect(passed({ bars: [...bars.slice(0, 5), ...bars.slice(26)] })).toEqual(condemned('gap'));
});

test('the same halved prices without a split are a crash, and noted', () => {
  const halved = closing(...swinging(20, 200, 0.01), ...swinging(20, 100, 0.01));
  expect(passed({ bars: halved })).toEqual({ kept: 40, ...NOTHING, notes: ['jump'] });
});

describe('a suspicious bar', () => {
  test('in the middle leaves a hole between bars that agree', () => {
    const examination = examine(series({ bars: withClose(20, 50) }), { sessions });
    expect(examination.bars).toEqual(bars.filter((_, i) => i !== 20));
    expect(examination.suspects.map(({ bar, reason }) => [bar[0], reason])).toEqual([
      [days[20], 'split_spurious'],
    ]);
    expect(examination).not.toHaveProperty('doubt');
  });

  test('at the end is held back, and puts the instrument in doubt until the next bar tells', () => {
    expect(passed({ bars: withClose(39, 50) })).toEqual({
      kept: 39,
      ...NOTHING,
      suspects: ['jump'],
      doubt: 'jump',
    });
    const confirmed = [...withClose(39, 50), [(days[39] ?? 0) + 86_400_000, 51, 52, 50, 51, 1] as RawBar];
    expect(passed({ bars: confirmed })).toEqual({ kept: 41, ...NOTHING, notes: ['jump'] });
  });

  test('that came again and again is stored once', () => {
    const [, ...values] = bars[36] ?? [0, 1, 1, 1, 1, 1];
    const frozen = bars.map((bar, i): RawBar => (i > 36 ? [bar[0], ...values] : bar));
    expect(passed({ bars: frozen })).toEqual({
      kept: 37,
      ...NOTHING,
      suspects: ['stale', 'stale', 'stale'],
      doubt: 'stale',
    });
  });
});

test('a bar of an open session is left out before anything is looked at', () => {
  const open = withClose(39, 50);
  expect(passed({ bars: open, fetchedAt: (days[39] ?? 0) + 15 * 3_600_000 })).toEqual({
    kept: 39,
    ...NOTHING,
    notes: ['unclosed', 'stale'],
  });
});

describe('an instrument behind its exchange', () => {
  test('by three sessions is in doubt, and its bars are stored', () => {
    expect(passed({ bars: bars.slice(0, -3) })).toEqual({ kept: 37, ...NOTHING, doubt: 'stale' });
  });

  test('of which nothing came is judged by what is stored', () => {
    expect(passed({ bars: [] }, { sessions, lastStored: days[30] })).toEqual({
      kept: 0,
      ...NOTHING,
      doubt: 'stale',
    });
    expect(passed({ bars: [] }, { sessions, lastStored: days[39] })).toEqual({ kept: 0, ...NOTHING });
    expect(passed({ bars: [] }, { sessions })).toEqual({ kept: 0, ...NOTHING });
  });
});

test('of 15-minute bars neither gaps nor repetitions are asked', () => {
  const quarters = [0, 1, 2, 3, 4, 9].map(
    (place): RawBar => [Date.parse('2025-06-02T14:00:00Z') + place * 900_000, 5, 5, 5, 5, 0],
  );
  expect(passed({ interval: '15m', bars: quarters })).toEqual({ kept: 6, ...NOTHING });
});

test('every code is one that the ledger takes', () => {
  for (const reason of [...FAULT_REASONS, ...SUSPICION_REASONS, ...NOTE_REASONS])
    expect(reason).toMatch(/^[a-z_]+$/);
});
