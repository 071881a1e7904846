import { describe, expect, test } from 'vitest';
import {
  FAULT_REASONS,
  NOTE_REASONS,
  SUSPICION_REASONS,
} from '../../../../functions/ingest/quality/findings.ts';
import { examine, type MarketContext, type Series } from '../../../../functions/ingest/quality/gate.ts';
import { daysOf, sessionsOf } from '../../../../functions/ingest/quality/sessions.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { DAY_MS, HOUR_MS, toDay } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { closing, swinging } from './series-support.ts';

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
    ...(verdict.cut !== undefined && { cut: verdict.cut }),
    ...(verdict.fault && { fault: verdict.fault.reason }),
    ...(verdict.doubt && { doubt: verdict.doubt.reason }),
  };
};
const NOTHING = { suspects: [], notes: [] };

test('passes a clean series unchanged', () => {
  expect(examine(series(), { sessions })).toEqual({ bars, suspects: [], notes: [] });
});

test('rejects a series with a wide gap', () => {
  expect(passed({ bars: [...bars.slice(0, 5), ...bars.slice(26)] })).toEqual({
    kept: 0,
    ...NOTHING,
    fault: 'gap',
  });
});

test('notes that an instrument has no volume, and accepts that its value is constant', () => {
  const constant = bars.map(([ts]): RawBar => [ts, 5, 5, 5, 5, 0]);
  expect(passed({ bars: constant })).toMatchObject({ doubt: 'stale' });
  expect(passed({ bars: constant, hasVolume: false })).toEqual({
    kept: 40,
    ...NOTHING,
    notes: ['no_volume'],
  });
});

describe('a change of level', () => {
  const halved = closing(...swinging(20, 200, 0.01), ...swinging(20, 100, 0.01));
  const cut = defined(days[20], 'day 20');
  const doubted = (reason: string) => ({
    kept: 20,
    ...NOTHING,
    suspects: Array.from({ length: 20 }, () => reason),
    doubt: reason,
    cut,
  });

  test('puts the bars before it into quarantine where a split was not applied', () => {
    const actions = [{ exDay: toDay(cut), kind: 'split', value: 2 } as const];
    expect(passed({ bars: halved, actions })).toEqual(doubted('split_unapplied'));
  });

  test('puts the bars before it into quarantine where it looks like an untold split', () => {
    expect(passed({ bars: halved })).toMatchObject(doubted('split_untold'));
  });

  test('puts the bars before it into quarantine where no share ever moved so far', () => {
    const bars9 = closing(...swinging(20, 900, 0.01), ...swinging(20, 71, 0.01));
    expect(passed({ bars: bars9 })).toEqual(doubted('jump'));
  });

  test('is a crash where volume and range are those of one', () => {
    const crash = halved.map((bar, i): RawBar => {
      const [ts, o, h, l, c, v] = bar;
      return i === 20 ? [ts, o * 1.05, h * 1.08, l * 0.96, c, v * 9] : bar;
    });
    expect(passed({ bars: crash })).toEqual({ kept: 40, ...NOTHING, notes: ['jump'] });
  });

  test('withholds no call where the bars after it are enough for the features', () => {
    const long = closing(...swinging(20, 200, 0.01), ...swinging(252, 100, 0.01));
    const { doubt, bars: kept } = examine(
      series({ bars: long, asOf: '2026-12-31', fetchedAt: Date.parse('2026-12-31') }),
    );
    expect(kept).toHaveLength(252);
    expect(doubt).toBeUndefined();
  });
});

describe('a suspicious bar', () => {
  test('leaves a gap between bars that agree when it is in the middle', () => {
    const examination = examine(series({ bars: withClose(20, 50) }), { sessions });
    expect(examination.bars).toEqual(bars.filter((_, i) => i !== 20));
    expect(examination.suspects.map(({ bar, reason }) => [bar[0], reason])).toEqual([
      [days[20], 'split_spurious'],
    ]);
    expect(examination).not.toHaveProperty('doubt');
  });

  test('is held back at the end and puts the instrument in doubt until the next bar', () => {
    expect(passed({ bars: withClose(39, 60) })).toEqual({
      kept: 39,
      ...NOTHING,
      suspects: ['jump'],
      doubt: 'jump',
    });
    const confirmed = [
      ...withClose(39, 60),
      [defined(days[39], 'day 39') + DAY_MS, 61, 62, 60, 61, 1] as RawBar,
    ];
    expect(passed({ bars: confirmed })).toEqual({ kept: 41, ...NOTHING, notes: ['jump'] });
  });

  test('is stored once when it is repeated', () => {
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

test('leaves out a bar of an open session before other checks', () => {
  const open = withClose(39, 50);
  expect(passed({ bars: open, fetchedAt: defined(days[39], 'day 39') + 15 * HOUR_MS })).toEqual({
    kept: 39,
    ...NOTHING,
    notes: ['unclosed', 'stale'],
  });
});

describe('an instrument behind its exchange', () => {
  test('is in doubt after three sessions, and its bars are stored', () => {
    expect(passed({ bars: bars.slice(0, -3) })).toEqual({ kept: 37, ...NOTHING, doubt: 'stale' });
  });

  test('is judged by its stored bars when no new bar arrives', () => {
    expect(passed({ bars: [] }, { sessions, lastStored: days[30] })).toEqual({
      kept: 0,
      ...NOTHING,
      doubt: 'stale',
    });
    expect(passed({ bars: [] }, { sessions, lastStored: days[39] })).toEqual({ kept: 0, ...NOTHING });
    expect(passed({ bars: [] }, { sessions })).toEqual({ kept: 0, ...NOTHING });
  });
});

test('checks 15-minute bars for neither gaps nor repetitions', () => {
  const quarters = [0, 1, 2, 3, 4, 9].map(
    (place): RawBar => [Date.parse('2025-06-02T14:00:00Z') + place * 900_000, 5, 5, 5, 5, 0],
  );
  expect(passed({ interval: '15m', bars: quarters })).toEqual({ kept: 6, ...NOTHING });
});

test('uses codes that the ledger accepts', () => {
  for (const reason of [...FAULT_REASONS, ...SUSPICION_REASONS, ...NOTE_REASONS])
    expect(reason).toMatch(/^[a-z_]+$/);
});
