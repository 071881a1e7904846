import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Market } from '../../../functions/evaluate/market.ts';
import { columnsOfInputs, memberDays } from '../../../functions/evaluate/member-days.ts';
import { parseMembership } from '../../../functions/evaluate/membership.ts';

const HEADER = 'month,symbol,rank';
const parsed = (lines: string[], size?: number) =>
  parseMembership(Buffer.from([HEADER, ...lines].join('\n')), 'members.csv', size);

describe('parseMembership', () => {
  test('keeps the ranks up to a size, and a month until the next one', () => {
    const membership = parsed(['2020-03-01,C,1', '2020-01-01,A,1', '2020-01-01,B,2', '2020-01-01,C,3'], 2);
    const on = (day: string) => [...membership.on(day)].join();
    expect(['2019-12-31', '2020-01-01', '2020-02-29', '2020-03-01', '2024-01-01'].map(on)).toEqual([
      '',
      'A,B',
      'A,B',
      'C',
      'C',
    ]);
    expect(() => membership.assertNames(['X', 'C'])).not.toThrow();
    expect(() => membership.assertNames(['X', 'Y'])).toThrow('names no symbol of the bars');
  });

  test('reads gzip', () => {
    const content = gzipSync(`${HEADER}\n2020-01-01,A,1\n`);
    expect([...parseMembership(content, 'members.csv.gz').on('2020-01-02')]).toEqual(['A']);
  });

  test.each([
    ['line 2 is not a day, a symbol and a rank', ['2020-01,A,1']],
    ['line 2 is not a day, a symbol and a rank', ['2020-13-01,A,1']],
    ['line 2 is not a day, a symbol and a rank', ['2021-02-29,A,1']],
    ['line 2 is not a day, a symbol and a rank', ['2020-01-01,,1']],
    ['line 2 is not a day, a symbol and a rank', ['2020-01-01,A,0']],
    ['line 3 is not a day, a symbol and a rank', ['2020-01-01,A,1', '2020-01-01,B']],
    ['line 3 names A twice in 2020-01-01', ['2020-01-01,A,1', '2020-01-01,A,2']],
    ['has no rows', []],
  ])('refuses a file of which %s', (fault, lines) => {
    expect(() => parsed(lines)).toThrow(`members.csv: ${fault}`);
  });

  test('refuses another header', () => {
    expect(() => parseMembership(Buffer.from('a,b\n'), 'x.csv')).toThrow(
      `x.csv: the first line is not ${HEADER}`,
    );
  });
});

describe('memberDays', () => {
  const days = ['2020-01-02', '2020-01-03'];
  const market: Market = {
    days,
    symbols: ['A', 'B', 'C', 'D'],
    closes: { days, instruments: 4, values: new Float64Array(8).fill(1) },
    columns: {
      x: Float32Array.of(1, 3, 2, 0, 5, 5, Number.NaN, 9),
      y: Float32Array.of(10, 20, Number.NaN, 40, 1, 2, 3, 4),
    },
  };

  test('ranks members alone, also those that lack another input', () => {
    const membership = parsed(['2020-01-01,A,1', '2020-01-01,B,2', '2020-01-01,C,3']);
    expect([...memberDays(market, ['x_rank', 'y'], { membership })]).toEqual([
      {
        day: '2020-01-02',
        symbols: ['A', 'B'],
        inputs: [
          [Math.fround(0.5 / 3), 10],
          [Math.fround(2.5 / 3), 20],
        ],
      },
      {
        day: '2020-01-03',
        symbols: ['A', 'B'],
        inputs: [
          [0.25, 1],
          [0.25, 2],
        ],
      },
    ]);
  });

  test('takes every instrument without a membership, and leaves out a day without rows', () => {
    expect([...memberDays(market, ['x'])].map(({ symbols }) => symbols.join())).toEqual(['A,B,C,D', 'A,B,D']);
    const later = parsed(['2020-02-01,A,1']);
    expect([...memberDays(market, ['x'], { membership: later })]).toEqual([]);
  });

  test('leaves out days outside of a range', () => {
    const daysOf = (range: object) => [...memberDays(market, ['x'], { range })].map(({ day }) => day);
    expect(daysOf({ from: '2020-01-03' })).toEqual(['2020-01-03']);
    expect(daysOf({ to: '2020-01-02' })).toEqual(['2020-01-02']);
  });

  test('needs each column once', () => {
    expect(columnsOfInputs(['x_rank', 'x', 'y_rank'])).toEqual(['x', 'y']);
  });
});
