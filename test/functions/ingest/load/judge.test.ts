import { describe, expect, test } from 'vitest';
import { sortAnswers } from '../../../../functions/ingest/load/answers.ts';
import { type Accepted, judge, type Verdict } from '../../../../functions/ingest/load/judge.ts';
import type { FoundRecord } from '../../../../functions/ingest/load/read-records.ts';
import type {
  StoredBar,
  StoredInstrument,
  StoredState,
} from '../../../../functions/ingest/load/stored-state.ts';
import type { FetchedRecord, RawBar } from '../../../../functions/ingest/raw.ts';
import type { Batch } from '../../../../functions/shared/contracts.ts';
import { DAY_MS } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { DIVIDEND, FIRST, FRIDAY, history, MONDAY, OVERLAP } from '../history-support.ts';
import { at, batchOf } from '../support.ts';

const FRIDAY_EVENING = '2026-03-06T23:00:00.000Z';
const MONDAY_EVENING = '2026-03-09T23:00:00.000Z';

/** A daily run on Monday that fetches the overlap, and one that fetches the whole history. */
const DAILY = batchOf({ from: OVERLAP, asOf: MONDAY });
const WHOLE = batchOf({ from: '2018-03-09', asOf: MONDAY });

/** An answer of Monday evening. */
function answered(bars: RawBar[], rest: Partial<FetchedRecord> = {}): FetchedRecord {
  return {
    version: 2,
    status: 'fetched',
    symbol: 'AAPL',
    interval: 'daily',
    from: OVERLAP,
    to: MONDAY,
    provider: 'yahoo',
    fetchedAt: MONDAY_EVENING,
    attempts: [],
    actions: [],
    bars,
    ...rest,
  };
}

/** An instrument whose stored bars end on Friday. */
function instrument(rest: Partial<StoredInstrument> = {}): StoredInstrument {
  return {
    id: 'id-AAPL',
    symbol: 'AAPL',
    exchange: 'NASDAQ',
    currency: 'USD',
    refusedUnits: 0,
    firstTs: at(FIRST),
    lastTs: at(FRIDAY),
    fetchedAt: Date.parse(FRIDAY_EVENING),
    actions: [],
    quarantined: [],
    ...rest,
  };
}

const NEW = { firstTs: null, lastTs: null, fetchedAt: null };

/** What is stored, and the instruments of the batch. */
interface TestState extends StoredState {
  instruments: ReadonlyMap<string, StoredInstrument>;
}

/** The stored state of one instrument; of its bars, those of the batch's days. */
function stateOf(
  one: StoredInstrument | undefined,
  bars: RawBar[] = [],
  { source = 'yahoo', ...rest }: Partial<StoredState> & { source?: string | null } = {},
): TestState {
  return {
    instruments: new Map(one ? [[one.symbol, one]] : []),
    bars: new Map(one ? [[one.id, storedBars(bars, source)]] : []),
    barsBefore: new Map(),
    otherDays: new Map(),
    ...rest,
  };
}

function storedBars(bars: RawBar[], source: string | null): Map<number, StoredBar> {
  return new Map(bars.map((bar) => [bar[0], { bar, source }]));
}

function judgeAll(batch: Batch, records: ReadonlyMap<string, FoundRecord>, state: TestState): Verdict[] {
  return judge(batch, sortAnswers(batch, records, state.instruments), state);
}

/** The verdict on AAPL. */
function verdictOn(batch: Batch, record: FoundRecord | undefined, state: TestState): Verdict {
  const verdicts = judgeAll(batch, new Map(record ? [['AAPL', record]] : []), state);
  expect(verdicts).toHaveLength(1);
  return defined(verdicts[0], 'verdict');
}

function acceptedBy(batch: Batch, record: FoundRecord, state: TestState): Accepted {
  const verdict = verdictOn(batch, record, state);
  if (verdict.kind !== 'stored' && verdict.kind !== 'superseded') throw new Error(verdict.failure?.message);
  return verdict;
}

/** The stored bars of the overlap, and what Monday's run fetches when nothing was restated. */
const KEPT = history(FRIDAY, { from: OVERLAP });
const FETCHED = history(MONDAY, { from: OVERLAP });
const LAST = defined(FETCHED.at(-1), 'bar of Monday');

const days = (bars: readonly RawBar[]) => bars.map(([ts]) => new Date(ts).toISOString().slice(0, 10));
const withClose = (bars: RawBar[], day: string, close: number) =>
  bars.map((bar): RawBar => (bar[0] === at(day) ? [bar[0], close, close, close, close, bar[5]] : bar));
const scaled = (bars: RawBar[], factor: number) =>
  bars.map(([ts, o, h, l, c, v]): RawBar => [ts, o * factor, h * factor, l * factor, c * factor, v]);

describe('an instrument without a usable answer', () => {
  test.each<[string, FoundRecord | undefined, StoredInstrument | undefined, object]>([
    ['that was deactivated', answered(FETCHED), undefined, { step: 'load', reason: 'inactive' }],
    ['without a record', undefined, instrument(), { step: 'load', reason: 'raw_missing' }],
    ['with a missing record', { status: 'missing' }, instrument(), { step: 'load', reason: 'raw_missing' }],
    [
      'with a malformed record',
      { status: 'unreadable', message: 'not gzip' },
      instrument(),
      { step: 'load', reason: 'raw_unreadable', message: 'not gzip' },
    ],
    [
      'without any bar, fetched or stored',
      answered([]),
      instrument(NEW),
      { step: 'fetch', reason: 'no_bars', message: `yahoo has no bars from ${OVERLAP} to ${MONDAY}` },
    ],
  ])('fails an instrument %s', (_, record, one, failure) => {
    expect(verdictOn(DAILY, record, stateOf(one))).toEqual({
      kind: 'failed',
      failure: expect.objectContaining({ symbol: 'AAPL', ...failure }),
    });
  });

  test('reports the reason of Fetch as a failure of Fetch', () => {
    const { bars: _, actions: __, status: ___, ...request } = answered([]);
    const record: FoundRecord = { ...request, status: 'failed', reason: 'timeout', message: 'no answer' };
    expect(verdictOn(DAILY, record, stateOf(instrument()))).toEqual({
      kind: 'failed',
      failure: { symbol: 'AAPL', step: 'fetch', reason: 'timeout', message: 'no answer' },
    });
  });

  test('names the replayed run that left no record', () => {
    const verdict = verdictOn({ ...DAILY, replay: 'monday' }, undefined, stateOf(instrument()));
    expect(verdict.failure?.message).toBe('run monday left no raw record for these days');
  });

  test('accepts an answer without bars where bars are stored', () => {
    const verdict = acceptedBy(DAILY, answered([]), stateOf(instrument(), KEPT));
    expect(verdict).toMatchObject({ kind: 'stored', bars: [], changes: [], removed: [] });
  });
});

describe('the gate', () => {
  test('fails an instrument whose last bar is bad, and one whose series is out of order', () => {
    const bad = acceptedBy(DAILY, answered(withClose(FETCHED, MONDAY, -1)), stateOf(instrument(), KEPT));
    expect(bad).toMatchObject({ changes: [], failure: { step: 'load', reason: 'non_positive' } });
    const turned = verdictOn(DAILY, answered([...FETCHED].reverse()), stateOf(instrument(), KEPT));
    expect(turned).toMatchObject({ kind: 'failed', failure: { step: 'load', reason: 'not_ascending' } });
  });

  test('stores the other bars where one before the last is bad', () => {
    const day = '2026-03-04';
    const verdict = acceptedBy(DAILY, answered(withClose(FETCHED, day, -1)), stateOf(instrument(), KEPT));
    expect(days(verdict.changes)).toEqual([MONDAY]);
    expect(verdict.failure).toBeUndefined();
    expect(verdict.suspects.map(({ reason }) => reason)).toEqual(['non_positive']);
  });

  test('holds a doubtful last bar back and fails the instrument for this run', () => {
    const jumped = withClose(FETCHED, MONDAY, 2 * LAST[4]);
    const verdict = acceptedBy(DAILY, answered(jumped), stateOf(instrument(), KEPT));
    expect(verdict).toMatchObject({ kind: 'stored', changes: [], failure: { step: 'load', reason: 'jump' } });
    expect(verdict.suspects.map(({ bar, reason }) => [bar[0], reason])).toEqual([[at(MONDAY), 'jump']]);
  });

  test('accepts a large move where the bars before the series move as much', () => {
    const jumped = withClose(FETCHED, MONDAY, 2 * LAST[4]);
    const before = Array.from({ length: 61 }, (_, i): RawBar => {
      const close = i % 2 ? 100 : 160;
      return [at('2026-01-01') - (61 - i) * DAY_MS, close, close, close, close, 1000];
    });
    const state = stateOf(instrument(), KEPT, { barsBefore: new Map([['id-AAPL', before]]) });
    const verdict = acceptedBy(DAILY, answered(jumped), state);
    expect(days(verdict.changes)).toEqual([MONDAY]);
    expect(verdict.failure).toBeUndefined();
  });

  test('notes a session that other instruments of the market have', () => {
    const gapped = FETCHED.filter(([ts]) => ts !== at('2026-03-04'));
    const others = [FETCHED, FETCHED].map((bars) => bars.map(([ts]) => ts));
    const state = stateOf(instrument(), KEPT, { otherDays: new Map([['NASDAQ ', others]]) });
    expect(acceptedBy(DAILY, answered(gapped), state).notes).toMatchObject([
      { reason: 'gap', gaps: ['2026-03-03'] },
    ]);
  });

  test('ignores the sessions of another market', () => {
    const gapped = FETCHED.filter(([ts]) => ts !== at('2026-03-04'));
    const others = [FETCHED, FETCHED].map((bars) => bars.map(([ts]) => ts));
    const state = stateOf(instrument(), KEPT, { otherDays: new Map([['LSE .L', others]]) });
    expect(acceptedBy(DAILY, answered(gapped), state).notes).toEqual([]);
  });

  test('fails an instrument whose newest bar, stored or fetched, lags its market', () => {
    const others = [FETCHED, FETCHED].map((bars) => bars.map(([ts]) => ts));
    const state = stateOf(instrument({ lastTs: at('2026-03-03') }), KEPT.slice(0, 3), {
      otherDays: new Map([['NASDAQ ', others]]),
    });
    const verdict = acceptedBy(DAILY, answered([]), state);
    expect(verdict).toMatchObject({ kind: 'stored', failure: { step: 'load', reason: 'stale' } });
  });
});

describe('bars on the stored basis', () => {
  test('stores every bar of an instrument without stored bars', () => {
    const bars = history(MONDAY);
    const verdict = acceptedBy(WHOLE, answered(bars), stateOf(instrument(NEW)));
    expect(verdict).toMatchObject({ kind: 'stored', bars, changes: bars, removed: [], suspects: [] });
  });

  test('writes only the bar that is new', () => {
    const verdict = acceptedBy(DAILY, answered(FETCHED), stateOf(instrument(), KEPT));
    expect(verdict).toMatchObject({ kind: 'stored', bars: FETCHED, removed: [] });
    expect(days(verdict.changes)).toEqual([MONDAY]);
  });

  test('writes nothing when every bar is stored', () => {
    const verdict = acceptedBy(
      DAILY,
      answered(FETCHED),
      stateOf(instrument({ lastTs: at(MONDAY) }), FETCHED),
    );
    expect(verdict).toMatchObject({ kind: 'stored', changes: [] });
  });

  test('ignores differences in single precision', () => {
    const verdict = acceptedBy(DAILY, answered(scaled(FETCHED, 1 + 1e-8)), stateOf(instrument(), KEPT));
    expect(days(verdict.changes)).toEqual([MONDAY]);
  });

  test.each<[string, number]>([
    ['open', 1],
    ['high', 2],
    ['low', 3],
    ['volume', 5],
  ])('writes a bar whose %s was corrected', (_, field) => {
    const corrected = FETCHED.map((bar): RawBar => {
      if (bar[0] !== at('2026-03-04')) return bar;
      const copy: RawBar = [...bar];
      copy[field] = (bar[field] as number) * (field === 3 ? 0.999 : field === 1 ? 1.0001 : 1.001);
      return copy;
    });
    const verdict = acceptedBy(DAILY, answered(corrected), stateOf(instrument(), KEPT));
    expect(days(verdict.changes)).toEqual(['2026-03-04', MONDAY]);
  });

  test('keeps a stored bar that the source no longer has', () => {
    const gapped = FETCHED.filter(([ts]) => ts !== at('2026-03-04'));
    expect(acceptedBy(DAILY, answered(gapped), stateOf(instrument(), KEPT)).removed).toEqual([]);
  });

  test('resolves the quarantine of the bars that it accepts, and of no other', () => {
    const quarantined = [
      { id: 'row-1', ts: at('2026-03-04') },
      { id: 'row-2', ts: at('2026-02-11') },
    ];
    const state = stateOf(instrument({ quarantined }), KEPT);
    expect(acceptedBy(DAILY, answered(FETCHED), state).resolved).toEqual(['row-1']);
  });

  test('updates 15-minute bars in the window without looking for a restatement', () => {
    const batch = batchOf({ interval: '15m', from: OVERLAP, asOf: MONDAY });
    const verdict = acceptedBy(
      batch,
      answered(scaled(FETCHED, 0.99), { interval: '15m' }),
      stateOf(instrument(), KEPT),
    );
    expect(verdict).toMatchObject({ kind: 'stored', actions: [] });
    expect(verdict.changes).toHaveLength(FETCHED.length);
  });
});

describe('a source that restated its past', () => {
  const adjusted = history(MONDAY, { from: OVERLAP, factor: 0.99, before: MONDAY });

  test('holds the instrument back when the oldest common bar changed', () => {
    const verdict = verdictOn(DAILY, answered(adjusted), stateOf(instrument(), KEPT));
    expect(verdict).toMatchObject({
      kind: 'restated',
      failure: {
        symbol: 'AAPL',
        step: 'load',
        reason: 'restated',
        message: `the source restated its past: the prices of ${OVERLAP} changed`,
      },
    });
  });

  test('takes a change after an unchanged bar for a correction', () => {
    const corrected = withClose(FETCHED, '2026-03-04', 1.001 * defined(FETCHED[3], 'bar')[4]);
    const verdict = acceptedBy(DAILY, answered(corrected), stateOf(instrument(), KEPT));
    expect(days(verdict.changes)).toEqual(['2026-03-04', MONDAY]);
  });

  test('holds the instrument back when no bar matches a stored one', () => {
    const verdict = verdictOn(DAILY, answered([LAST]), stateOf(instrument({ lastTs: at('2026-02-10') })));
    expect(verdict).toMatchObject({ kind: 'restated' });
    expect(verdict.failure?.message).toContain(`no bar from ${MONDAY} on matches a stored one`);
  });

  test('holds the instrument back when all bars before the first matching one are unsound', () => {
    const isBefore = ([ts]: RawBar) => ts < at('2026-03-04');
    const unsound = FETCHED.map((bar): RawBar => {
      const [ts, ...prices] = bar;
      const [o, h, l, c] = prices.map((price) => price / 4) as [number, number, number, number];
      return isBefore(bar) ? [ts, o, h, l, c, -1] : bar;
    });
    const verdict = verdictOn(DAILY, answered(unsound), stateOf(instrument(), KEPT));
    expect(verdict).toMatchObject({ kind: 'restated' });
    expect(verdict.failure?.message).toContain('no sound bar before 2026-03-04 shows the basis');
  });

  test('holds the instrument back for an action that is not recorded', () => {
    const record = answered(FETCHED, { actions: [DIVIDEND] });
    const verdict = verdictOn(DAILY, record, stateOf(instrument(), KEPT));
    expect(verdict).toMatchObject({ kind: 'restated' });
    expect(verdict.failure?.message).toContain(`new dividend of 1 on ${MONDAY}`);
  });

  test.each([
    ['is recorded', instrument({ actions: [DIVIDEND] }), DIVIDEND],
    ['is as old as the first stored bar', instrument(), { ...DIVIDEND, exDay: FIRST }],
    ['has no bar on or after its ex day', instrument(), { ...DIVIDEND, exDay: '2026-03-10' }],
    ['has no value', instrument(), { ...DIVIDEND, value: 0 }],
  ])('ignores an action that %s', (_, one, action) => {
    const verdict = verdictOn(DAILY, answered(FETCHED, { actions: [action] }), stateOf(one, KEPT));
    expect(verdict.kind).toBe('stored');
  });

  test('holds the instrument back when a recorded action changed its value', () => {
    const state = stateOf(instrument({ actions: [{ ...DIVIDEND, value: 2 }] }), KEPT);
    expect(verdictOn(DAILY, answered(FETCHED, { actions: [DIVIDEND] }), state).kind).toBe('restated');
  });

  test('replaces a history that arrives whole, and removes the bars that it lacks', () => {
    const restated = history(MONDAY, { factor: 0.99, before: MONDAY }).filter(
      ([ts]) => ts !== at('2026-02-11'),
    );
    const verdict = acceptedBy(
      WHOLE,
      answered(restated, { actions: [DIVIDEND] }),
      stateOf(instrument(), history(FRIDAY)),
    );
    expect(verdict).toMatchObject({ kind: 'stored', actions: [DIVIDEND], removed: [at('2026-02-11')] });
    expect(verdict.changes).toHaveLength(restated.length);
  });

  test('refuses a restated history with less than nine tenths of the stored bars', () => {
    const restated = history(MONDAY, { from: '2025-03-03', factor: 0.99, before: MONDAY });
    const verdict = verdictOn(WHOLE, answered(restated), stateOf(instrument(), history(FRIDAY)));
    expect(verdict).toMatchObject({ kind: 'failed', failure: { step: 'load', reason: 'partial_history' } });
  });

  test('keeps the stored bars where they continue after the as-of', () => {
    const state = stateOf(instrument({ lastTs: at('2026-03-10') }), KEPT);
    const verdict = acceptedBy(DAILY, answered(adjusted), state);
    expect(verdict).toMatchObject({ kind: 'superseded', bars: [], changes: [], removed: [], actions: [] });
    expect(verdict.notes).toMatchObject([{ reason: 'superseded' }]);
  });

  test('merges several actions of one kind and day', () => {
    const split = { exDay: MONDAY, kind: 'split', value: 1.1 } as const;
    const record = answered(history(MONDAY), { actions: [DIVIDEND, DIVIDEND, split, split] });
    expect(acceptedBy(WHOLE, record, stateOf(instrument(NEW))).actions).toEqual([
      { ...DIVIDEND, value: 2 },
      { ...split, value: 1.1 * 1.1 },
    ]);
  });
});

describe('an answer older than the stored bars', () => {
  const later = { fetchedAt: Date.parse('2026-03-10T00:00:00Z'), lastTs: at(MONDAY) };

  test('is superseded where it differs', () => {
    const state = stateOf(instrument(later), FETCHED);
    const verdict = acceptedBy(DAILY, answered(scaled(FETCHED, 0.99)), state);
    expect(verdict).toMatchObject({ kind: 'superseded', bars: [], changes: [], resolved: [] });
    expect(verdict.notes.at(-1)).toEqual({
      reason: 'superseded',
      message: `the stored bars were fetched later than ${MONDAY_EVENING}`,
    });
  });

  test('adds the bars that are missing where the rest agrees', () => {
    const gapped = FETCHED.filter(([ts]) => ts !== at('2026-03-04'));
    const verdict = acceptedBy(DAILY, answered(FETCHED), stateOf(instrument(later), gapped));
    expect(verdict.kind).toBe('stored');
    expect(days(verdict.changes)).toEqual(['2026-03-04']);
  });

  test('puts no bar into quarantine and records no action', () => {
    const jumped = withClose(FETCHED, MONDAY, 2 * LAST[4]);
    const record = answered(jumped, { actions: [{ ...DIVIDEND, exDay: FRIDAY }] });
    const verdict = acceptedBy(DAILY, record, stateOf(instrument(later), FETCHED));
    expect(verdict).toMatchObject({ kind: 'stored', suspects: [], actions: [] });
  });
});

describe('bars of another source', () => {
  test('are not written where the closes agree, but for the new one', () => {
    const other = scaled(FETCHED, 1.001);
    const verdict = acceptedBy(DAILY, answered(other, { provider: 'stooq' }), stateOf(instrument(), KEPT));
    expect(days(verdict.changes)).toEqual([MONDAY]);
  });

  test('hold the instrument back where their closes differ by one factor', () => {
    const record = answered(scaled(FETCHED, 0.9), { provider: 'stooq' });
    expect(verdictOn(DAILY, record, stateOf(instrument(), KEPT)).kind).toBe('restated');
  });

  test('are quarantined from the first difference on where the closes disagree', () => {
    const other = withClose(FETCHED, '2026-03-04', 1.05 * defined(FETCHED[3], 'bar')[4]);
    const record = answered(other, { provider: 'stooq' });
    const verdict = verdictOn(DAILY, record, stateOf(instrument(), KEPT));
    expect(verdict).toMatchObject({ kind: 'disputed', failure: { step: 'load', reason: 'disagreement' } });
    if (verdict.kind !== 'disputed') throw new Error(verdict.kind);
    expect(days(verdict.suspects.map(({ bar }) => bar))).toEqual([
      '2026-03-04',
      '2026-03-05',
      FRIDAY,
      MONDAY,
    ]);
  });

  test('are compared as the same source where the stored source is unknown', () => {
    const record = answered(scaled(FETCHED, 1.001), { provider: 'stooq' });
    expect(verdictOn(DAILY, record, stateOf(instrument(), KEPT, { source: null })).kind).toBe('restated');
  });
});

test('gives each symbol one verdict: failures first, then answers by instrument id', () => {
  const ibm = instrument({ id: 'id-0', symbol: 'IBM', ...NEW });
  const aapl = instrument(NEW);
  const state: TestState = {
    ...stateOf(undefined),
    instruments: new Map([
      ['AAPL', aapl],
      ['IBM', ibm],
    ]),
  };
  const records = new Map<string, FoundRecord>([
    ['AAPL', answered(FETCHED)],
    ['IBM', answered(FETCHED, { symbol: 'IBM' })],
    ['MSFT', answered(FETCHED, { symbol: 'MSFT' })],
  ]);
  const verdicts = judgeAll({ ...DAILY, symbols: ['AAPL', 'IBM', 'MSFT'] }, records, state);
  expect(verdicts.map((one) => ('instrument' in one ? one.instrument.symbol : one.failure.symbol))).toEqual([
    'MSFT',
    'IBM',
    'AAPL',
  ]);
});

describe('a split that was not applied', () => {
  const split = { exDay: MONDAY, kind: 'split', value: 4 } as const;
  const before = MONDAY;
  const unapplied = (from: string) => history(MONDAY, { from, factor: 4, before });
  const stored = (from: string) => history(FRIDAY, { from, factor: 4, before });

  test('leads to a fetch of the whole history, and stores nothing', () => {
    const verdict = verdictOn(
      DAILY,
      answered(unapplied(OVERLAP), { actions: [split] }),
      stateOf(instrument(), stored(OVERLAP)),
    );
    expect(verdict).toMatchObject({ kind: 'restated', failure: { step: 'load', reason: 'split_unapplied' } });
  });

  test('fails the instrument while its whole history is wrong, and keeps the stored bars', () => {
    const verdict = verdictOn(
      WHOLE,
      answered(unapplied(FIRST), { actions: [split] }),
      stateOf(instrument(), stored(FIRST)),
    );
    expect(verdict).toMatchObject({ kind: 'failed', failure: { step: 'load', reason: 'split_unapplied' } });
  });

  test('stores only the bars after it where nothing is stored, and withholds the call', () => {
    const verdict = acceptedBy(
      WHOLE,
      answered(unapplied(FIRST), { actions: [split] }),
      stateOf(instrument(NEW)),
    );
    expect(days(verdict.changes)).toEqual([MONDAY]);
    expect(verdict.failure).toMatchObject({ reason: 'split_unapplied' });
    expect(verdict.suspects).toHaveLength(unapplied(FIRST).length - 1);
  });

  test('replaces the stored bars before it once the bars after it are enough', () => {
    const early = '2025-01-15';
    const bars = history(MONDAY, { factor: 4, before: early });
    const verdict = acceptedBy(
      WHOLE,
      answered(bars, { actions: [{ ...split, exDay: early }] }),
      stateOf(instrument(), bars.slice(0, -1)),
    );
    expect(verdict.failure).toBeUndefined();
    expect(verdict.removed).toEqual(bars.map(([ts]) => ts).filter((ts) => ts < at(early)));
    expect(days(verdict.changes)).toEqual([MONDAY]);
  });
});
