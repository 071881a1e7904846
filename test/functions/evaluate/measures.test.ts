import { beforeAll, describe, expect, test } from 'vitest';
import { dailyReturns, residualReturns } from '../../../functions/evaluate/factors.ts';
import {
  type MeasuredDay,
  Measurement,
  OUTCOMES,
  pairedDifference,
  type ReleaseMeasures,
} from '../../../functions/evaluate/measures.ts';
import { OutcomeTables } from '../../../functions/evaluate/outcomes.ts';
import { parsePredictions } from '../../../functions/evaluate/predictions-file.ts';
import type { Measure } from '../../../functions/evaluate/resamples.ts';
import { FIXTURE, FIXTURE_PREDICTIONS, FIXTURE_RULE, fixtureMarket } from './measures-support.ts';

let days: { symbols: string[]; measured: MeasuredDay }[];
let result: ReleaseMeasures;
beforeAll(() => {
  const tables = new OutcomeTables(fixtureMarket(), FIXTURE_RULE);
  const measurement = new Measurement();
  days = [...parsePredictions(FIXTURE_PREDICTIONS)].map((predicted) => {
    const measured = tables.measured(predicted);
    if ('unknown' in measured) throw new Error(`${predicted.day}: ${measured.unknown} unknown`);
    measurement.addDay(measured);
    return { symbols: predicted.symbols, measured };
  });
  result = measurement.result(20);
});

/** Every number of a value that is not part of an interval, by path. */
function numbers(value: unknown, path = ''): [path: string, value: number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null || path.endsWith('.interval')) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbers(inner, `${path}.${key}`));
}

describe('returns beyond factors', () => {
  test('equal those of training', () => {
    const { values, instruments } = residualReturns(dailyReturns(fixtureMarket().closes));
    for (const [i, day] of FIXTURE.residualDays.entries()) {
      for (const [column, expected] of FIXTURE.residuals[i]?.entries() ?? []) {
        const found = values[day * instruments + column];
        if (expected === null) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(expected, 10);
      }
    }
  });

  test('do not depend on later days', () => {
    const { closes } = fixtureMarket();
    const until = FIXTURE.days.indexOf('2020-11-15');
    const cut = { ...closes, days: closes.days.slice(0, until), values: closes.values.slice(0, until * 34) };
    const whole = residualReturns(dailyReturns(closes)).values.slice(0, until * 34);
    expect(whole.some((value) => !Number.isNaN(value))).toBe(true);
    expect(residualReturns(dailyReturns(cut)).values).toEqual(whole);
  });

  test('need 30 instruments with a year of returns', () => {
    const { closes } = fixtureMarket();
    const values = Float64Array.from({ length: closes.days.length * 29 }, (_, i) => {
      return closes.values[Math.floor(i / 29) * 34 + (i % 29) + 5] as number;
    });
    const few = residualReturns(dailyReturns({ ...closes, instruments: 29, values }));
    expect(few.values.every(Number.isNaN)).toBe(true);
  });
});

describe('outcomes', () => {
  test('and labels equal those of training', () => {
    for (const [i, [symbol, day]] of FIXTURE.outcomeRows.entries()) {
      const { symbols, measured } = days.find((one) => one.measured.day === day) as (typeof days)[number];
      const row = symbols.indexOf(symbol);
      for (const name of OUTCOMES)
        expect(measured.outcomes[name][row]).toBeCloseTo(FIXTURE.outcomes[name]?.[i] as number, 9);
      expect(measured.labels[row]).toBe(FIXTURE.labels[i]);
    }
  });

  test('are unknown for a row without bars', () => {
    const tables = new OutcomeTables(fixtureMarket(), FIXTURE_RULE);
    const predicted = [...parsePredictions(FIXTURE_PREDICTIONS)][0];
    if (!predicted) throw new Error('no day');
    expect(tables.measured({ ...predicted, symbols: ['NONE', ...predicted.symbols.slice(1)] })).toEqual({
      unknown: 1,
    });
    expect(tables.measured({ ...predicted, day: '2020-12-15' })).toEqual({
      unknown: predicted.symbols.length,
    });
    expect(tables.measured({ ...predicted, day: '1999-01-04' })).toEqual({
      unknown: predicted.symbols.length,
    });
  });
});

describe('measures', () => {
  test('equal those of training', () => {
    const expected = new Map(numbers(FIXTURE.metrics));
    const found = numbers(result);
    expect(found.length).toBeGreaterThan(100);
    for (const [path, value] of found)
      expect([path, value]).toEqual([path, expect.closeTo(expected.get(path) ?? Number.NaN, 7)]);
  });

  test('have every value of training that is not of a fold or a bin', () => {
    const found = new Set(numbers(result).map(([path]) => path));
    const left = numbers(FIXTURE.metrics).filter(([path]) => !found.has(path));
    const parts = new Set(left.map(([path]) => path.split('.')[1]));
    expect([...parts].sort()).toEqual(['bootstrap', 'direction_reliability', 'folds', 'reliability']);
  });

  test('have intervals like those of training, from other random numbers', () => {
    for (const name of [
      'e5_rank_ic',
      'n20_rank_icir',
      'direction_auc',
      'direction_brier_skill',
      'ece',
      'top_5_excess',
    ]) {
      const [low, high] = (result[name] as Measure).interval ?? [];
      const [first, last] = (FIXTURE.metrics[name] as Measure).interval ?? [Number.NaN, Number.NaN];
      expect(Math.abs((low as number) - first)).toBeLessThan(0.15 * (last - first));
      expect(Math.abs((high as number) - last)).toBeLessThan(0.15 * (last - first));
    }
  });

  test('the parts of the log-loss gain add up', () => {
    const value = (name: string) => (result[name] as Measure).value as number;
    const gain = value('log_loss_gain_move') + value('log_loss_gain_direction');
    // The shares of SELL and BUY are nearly equal.
    expect(gain).toBeCloseTo(result.log_loss_of_shares - value('log_loss'), 3);
  });

  test('the paired difference on common rows equals that of training', () => {
    const common = days.flatMap(({ symbols, measured }) => {
      const rows = symbols.flatMap((symbol, i) => (`${symbol} ${measured.day}` in FIXTURE.other ? [i] : []));
      const of = (values: readonly number[]) => rows.map((i) => values[i] as number);
      const other = rows.map((i) => FIXTURE.other[`${symbols[i]} ${measured.day}`] as number);
      return rows.length === 0 ? [] : [{ own: of(measured.score), other, outcome: of(measured.outcomes.e5) }];
    });
    const { value, interval } = pairedDifference(common, 20);
    const expected = FIXTURE.paired.e5?.difference as Measure;
    expect(value).toBeCloseTo(expected.value as number, 7);
    expect(interval?.[0]).toBeGreaterThan(0.3);
    expect(interval?.[0]).toBeLessThan(value as number);
  });
});
