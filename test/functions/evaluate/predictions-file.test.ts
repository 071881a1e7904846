import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { byMonth, parsePredictions } from '../../../functions/evaluate/predictions-file.ts';

const HEADER = 'date,symbol,score,p_sell,p_buy';
const parsed = (...lines: string[]) => [...parsePredictions(gzipSync(`${[HEADER, ...lines].join('\n')}\n`))];

describe('parsePredictions', () => {
  test('returns the rows by day, in order', () => {
    expect(
      parsed('2020-01-02,B,-0.50,0.300,0.290', ',A,1.25,0.290,0.310', '2020-01-03,A,0.00,0.000,1.000'),
    ).toEqual([
      {
        day: '2020-01-02',
        symbols: ['B', 'A'],
        score: [-0.5, 1.25],
        probabilities: [
          [0.3, 0.41, 0.29],
          [0.29, 0.4, 0.31],
        ],
      },
      { day: '2020-01-03', symbols: ['A'], score: [0], probabilities: [[0, 0, 1]] },
    ]);
  });

  test.each([
    ['line 2 names no date', [',A,1,0.3,0.3']],
    ['line 3 repeats A', ['2020-01-02,A,1,0.3,0.3', ',A,1,0.3,0.3']],
    ['line 3 is not of a later day', ['2020-01-02,A,1,0.3,0.3', '2020-01-02,B,1,0.3,0.3']],
    ['line 3 is not of a later day', ['2020-01-02,A,1,0.3,0.3', '2020-01-01,B,1,0.3,0.3']],
    ['line 2 is not a day or nothing', ['2020-01,A,1,0.3,0.3']],
    ['line 2 is not a day or nothing', ['2020-01-02,,1,0.3,0.3']],
    ['line 2 is not a day or nothing', ['2020-01-02,A,NaN,0.3,0.3']],
    ['line 2 is not a day or nothing', ['2020-01-02,A,,0.3,0.3']],
    ['line 2 is not a day or nothing', ['2020-01-02,A,1,0.3,0.701']],
    ['line 2 is not a day or nothing', ['2020-01-02,A,1,-0.1,0.3']],
    ['line 2 is not a day or nothing', ['2020-01-02,A,1,0.3,0.3,0.4']],
    ['has no rows', []],
  ])('refuses a file of which %s', (fault, lines) => {
    expect(() => parsed(...lines)).toThrow(`predictions.csv.gz: ${fault}`);
  });

  test('refuses another file', () => {
    expect(() => [...parsePredictions(Buffer.from('text'))]).toThrow('is not a gzip file');
    expect(() => [...parsePredictions(gzipSync('a,b\n'))]).toThrow(`its first line is not ${HEADER}`);
  });
});

test('byMonth has the symbols of all days of a month', () => {
  const months = [
    ...byMonth(parsed('2020-01-30,A,1,0.3,0.3', '2020-01-31,B,1,0.3,0.3', '2020-02-03,A,1,0.3,0.3')),
  ];
  expect(months.map(({ days, symbols }) => [days.length, [...symbols].join()])).toEqual([
    [2, 'A,B'],
    [1, 'A'],
  ]);
});
