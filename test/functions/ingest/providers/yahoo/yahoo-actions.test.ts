import { describe, expect, test } from 'vitest';
import type { BarRequest } from '../../../../../functions/ingest/providers/provider.ts';
import { type ChartEvents, type ChartRow, dividend, split } from './charts.ts';
import { answer, fetchAll, seconds } from './yahoo-support.ts';

const open = (day: string) => seconds(`${day}T14:30Z`);

async function fetchActions(
  rows: readonly ChartRow[],
  {
    events,
    meta,
    ...request
  }: Partial<BarRequest> & { events?: ChartEvents; meta?: Record<string, unknown> } = {},
) {
  answer(rows, meta, { events });
  return fetchAll(request);
}

/** The closes of three days, with their adjusted closes. */
const days = (...closes: [number, number][]): ChartRow[] =>
  ['2024-03-01', '2024-03-04', '2024-03-05'].map((day, i) => {
    const [c, adjClose] = closes[i] ?? [1, 1];
    return [open(day), c, c + 1, c - 1, c, 1000, adjClose];
  });

describe('actions of a chart', () => {
  test('reads splits and dividends of the requested days, by local day', async () => {
    const events = {
      ...dividend(open('2024-03-04'), 0.24),
      ...split(open('2024-03-05'), 3, 2),
    };
    const { actions } = await fetchActions(days([102, 102], [101, 101], [100, 100]), { events });
    expect(actions).toEqual([
      // In shares of its own day, before the later 3:2 split.
      { exDay: '2024-03-04', kind: 'dividend', value: expect.closeTo(0.36, 12) },
      { exDay: '2024-03-05', kind: 'split', value: 1.5 },
    ]);
  });

  test('leaves out actions outside the requested days', async () => {
    const events = {
      dividends: { 1: { amount: 1, date: open('2024-02-29') }, 2: { amount: 2, date: open('2024-03-01') } },
    };
    const { actions } = await fetchActions(days([100, 100], [100, 100], [100, 100]), { events });
    expect(actions).toEqual([{ exDay: '2024-03-01', kind: 'dividend', value: 2 }]);
  });

  test('reads reverse splits, and leaves out actions without a value', async () => {
    const events = {
      splits: {
        1: { date: open('2024-03-04'), numerator: 1, denominator: 20, splitRatio: '1:20' },
        2: { date: open('2024-03-05'), numerator: 0, denominator: 1, splitRatio: '0:1' },
      },
    };
    const { actions } = await fetchActions(days([100, 100], [100, 100], [100, 100]), { events });
    expect(actions).toEqual([{ exDay: '2024-03-04', kind: 'split', value: 0.05 }]);
  });

  test('stamps actions with the local day of an exchange that opens on the day before in UTC', async () => {
    const { actions } = await fetchActions([], {
      events: dividend(seconds('2024-03-03T23:00Z'), 1),
      meta: { exchangeTimezoneName: 'Australia/Sydney' },
    });
    expect(actions).toEqual([{ exDay: '2024-03-04', kind: 'dividend', value: 1 }]);
  });
});

describe('splits of a chart', () => {
  const events = split(open('2024-03-05'), 4, 1);

  test('does not repeat a split that Yahoo has applied', async () => {
    const { bars } = await fetchActions(days([100, 100], [101, 101], [100, 100]), { events });
    expect(bars.map(({ c }) => c)).toEqual([100, 101, 100]);
  });

  test('applies a split that Yahoo has not applied yet, also to volumes', async () => {
    const { bars } = await fetchActions(days([400, 400], [404, 404], [100, 100]), { events });
    expect(bars.map(({ c, v }) => [c, v])).toEqual([
      [100, 4000],
      [101, 4000],
      [100, 1000],
    ]);
  });

  test('applies a split once that only the adjusted close has', async () => {
    const { bars } = await fetchActions(days([400, 100], [404, 101], [100, 100]), { events });
    expect(bars.map(({ c }) => c)).toEqual([100, 101, 100]);
  });
});

describe('adjustment of 15-minute bars', () => {
  /** Two quarters of each of three days, the second closing at the day's close. */
  const quarters = (...closes: number[]): ChartRow[] =>
    ['2024-03-01', '2024-03-04', '2024-03-05'].flatMap((day, i): ChartRow[] => {
      const c = closes[i] ?? 1;
      return [
        [open(day), c + 2, c + 3, c - 1, c + 1, 500],
        [open(day) + 900, c + 1, c + 2, c - 1, c, 500],
      ];
    });
  const lastOfDays = (bars: { c: number }[]) => bars.filter((_, i) => i % 2 === 1).map(({ c }) => c);

  test.each<[string, ChartEvents, [number, number, number]]>([
    ['nothing', {}, [100, 102, 99]],
    ['a dividend', dividend(open('2024-03-05'), 3), [100, 102, 99]],
    [
      'two dividends',
      {
        dividends: { 1: { amount: 2, date: open('2024-03-04') }, 2: { amount: 3, date: open('2024-03-05') } },
      },
      [100, 102, 99],
    ],
    [
      'a dividend and a split',
      { ...dividend(open('2024-03-04'), 2), ...split(open('2024-03-05'), 2, 1) },
      [100, 102, 99],
    ],
  ])('makes 15-minute bars agree with daily ones after %s', async (_, events, closes) => {
    // As Yahoo adjusts its daily closes.
    const cash = closes.map((_close, i) => {
      const start = open(['2024-03-01', '2024-03-04', '2024-03-05'][i] ?? '');
      return Object.values(events.dividends ?? {}).find(({ date }) => date === start)?.amount ?? 0;
    });
    let factor = 1;
    const adjusted = closes.map(() => 1);
    for (let i = closes.length - 1; i >= 0; i--) {
      adjusted[i] = factor;
      factor *= 1 - (cash[i] ?? 0) / (closes[i - 1] ?? 1);
    }
    const daily = await fetchActions(
      days(...closes.map((c, i): [number, number] => [c, c * (adjusted[i] ?? 1)])),
      { events },
    );
    const intraday = await fetchActions(quarters(...closes), { events, interval: '15m' });
    const expected = daily.bars.map(({ c }) => expect.closeTo(c, 9));
    expect(lastOfDays(intraday.bars)).toEqual(expected);
    expect(intraday.actions).toEqual(daily.actions);
    // The dollar volume stays the same.
    for (const [i, { c, v }] of intraday.bars.entries()) {
      const asTraded = quarters(...closes)[i];
      expect(c * v).toBeCloseTo((asTraded?.[4] ?? 0) * 500, 6);
    }
  });

  test('adjusts 15-minute bars for a split that Yahoo has not applied, and then for a dividend', async () => {
    const events = { ...split(open('2024-03-04'), 2, 1), ...dividend(open('2024-03-05'), 1) };
    const { bars } = await fetchActions(quarters(200, 100, 99), { events, interval: '15m' });
    expect(lastOfDays(bars)).toEqual([expect.closeTo(99, 9), expect.closeTo(99, 9), 99]);
  });
});
