import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { FEATURE_NAMES, FEATURES } from '../../../functions/features/definitions.ts';
import {
  inputSentence,
  MARKET_INPUTS,
  MODEL_INPUT_NAMES,
  RANKED_INPUTS,
} from '../../../functions/features/model-inputs.ts';

/** Each ranked input's sentences for a low rank, 0.12, and a high rank, 0.88. Rank 1 is the highest value. */
const EXPECTED: Record<string, [low: string, high: string]> = {
  ret_1d_rank: returns('On its last trading day'),
  ret_5d_rank: returns('Over the last week'),
  ret_20d_rank: returns('Over the last month'),
  rsi_14_rank: levels('Its relative strength index (RSI)'),
  volume_zscore_rank: levels('Its volume on its last trading day, relative to its last month,'),
  ret_60d_rank: returns('Over the last three months'),
  ret_120d_rank: returns('Over the last six months'),
  mom_12_1_rank: returns('In the year up to a month ago'),
  dist_high_252_rank: [
    'Its price is further below its 52-week high than that of 88% of stocks',
    'Its price is closer to its 52-week high than that of 88% of stocks',
  ],
  sma_ratio_200_rank: levels('Its price, relative to its 200-day average,'),
  vol_60d_rank: [
    'Its price swings less than that of 88% of stocks',
    'Its price swings more than that of 88% of stocks',
  ],
  vol_ratio_rank: levels('Its typical price swing this month, relative to its last three months,'),
  illiquidity_20_rank: [
    'It is easier to trade than 88% of stocks',
    'It is harder to trade than 88% of stocks',
  ],
  max_ret_20d_rank: [
    'Its best day of the last month was weaker than that of 88% of stocks',
    'Its best day of the last month was stronger than that of 88% of stocks',
  ],
  mom_12_7_rank: returns('Seven to twelve months ago'),
  season_12_rank: returns('Over the month that began a year ago'),
  up_share_231_rank: levels('Its surplus of rising over falling days in the year up to a month ago'),
  intraday_231_rank: returns('During trading hours in the year up to a month ago'),
  overnight_231_rank: returns('Overnight in the year up to a month ago'),
  intraday_20_rank: returns('During trading hours over the last month'),
  close_place_5_rank: closes('this week'),
  close_place_20_rank: closes('this month'),
  volume_ratio_5_60_rank: levels('Its volume this week, relative to its last three months,'),
};

function returns(period: string): [string, string] {
  return [`${period} it did worse than 88% of stocks`, `${period} it did better than 88% of stocks`];
}

function levels(subject: string): [string, string] {
  return [
    `${subject} is lower than that of 88% of stocks`,
    `${subject} is higher than that of 88% of stocks`,
  ];
}

function closes(period: string): [string, string] {
  return [
    `It closed nearer its daily lows ${period} than 88% of stocks`,
    `It closed nearer its daily highs ${period} than 88% of stocks`,
  ];
}

describe('ranked inputs', () => {
  test('all have expected sentences in this table', () => {
    expect([...RANKED_INPUTS.keys()]).toEqual(Object.keys(EXPECTED));
  });

  test.each(Object.entries(EXPECTED))(
    '%s is compared with other stocks in both directions',
    (name, expected) => {
      expect([inputSentence(name, 0.12), inputSentence(name, 0.88)]).toEqual(expected);
    },
  );

  test.each(Object.keys(EXPECTED))(
    '%s is among the extremes at 0 and 1, and typical in the middle',
    (name) => {
      for (const rank of [0, 0.0049, 0.996, 1]) {
        expect(inputSentence(name, rank)).toMatch(/^[A-Z].* among the \w+ of all stocks\b(?!.*%)/);
      }
      expect(inputSentence(name, 0.001)).not.toBe(inputSentence(name, 0.999));
      for (const rank of [0.45, 0.5, 0.55])
        expect(inputSentence(name, rank)).toMatch(/ about .*the typical stock$/);
      expect(inputSentence(name, 0.44)).toContain('56% of stocks');
      expect(inputSentence(name, 0.56)).toContain('56% of stocks');
    },
  );
});

test.each([
  [0.005, '99%'],
  [0.125, '88%'],
  [0.875, '88%'],
  [0.9949, '99%'],
])('a rank of %d rounds to %s of stocks', (rank, share) => {
  expect(inputSentence('illiquidity_20_rank', rank)).toMatch(new RegExp(`to trade than ${share} of stocks$`));
});

describe('inputs that are values', () => {
  test.each([
    ['ret_5d', -0.0312, 'Its price fell 3.1% over the last week'],
    ['ret_1d', 0.0004, 'Its price barely moved on its last trading day'],
    ['rsi_14', 71.6, 'Its relative strength index (RSI) is 72 on a scale of 0 to 100'],
    ['momentum_5d', -1.24, 'Its price moved down by 1.2 average daily ranges over the last week'],
    [
      'volume_zscore',
      -1.26,
      'Its volume on its last trading day was below its monthly average by 1.3 times its usual variation',
    ],
    [
      'volume_zscore',
      2.04,
      'Its volume on its last trading day was above its monthly average by 2.0 times its usual variation',
    ],
    ['dist_high_252', -0.069, 'Its price is 6.9% below its 52-week high'],
    ['dist_high_252', 0, 'Its price is at its 52-week high'],
    ['sma_ratio_50', 0.021, 'Its price is 2.1% above its 50-day average'],
    ['macd_hist', 0.00123, 'Its MACD histogram is +0.12% of its price'],
    ['atr_pct', 0.0234, 'Its usual daily range is 2.3% of its price'],
    [
      'up_share_231',
      -0.06,
      'Its falling days outnumbered its rising ones by 6% of the days in the year up to a month ago',
    ],
    ['intraday_20', Math.log(1.1), 'Its price rose 10.0% during trading hours over the last month'],
    ['volume_ratio_5_60', Math.log(1.5), 'Its volume this week was 1.50 times its three-month average'],
    ['market_ret_20d', -0.02, 'The average stock fell 2.0% over the last month'],
    ['market_breadth_200', 0.61, '61% of stocks are above their 200-day average'],
    ['unheard_of', 0.00012345, 'The input unheard_of is 0.000123'],
  ])('%s of %d reads "%s"', (name, value, sentence) => {
    expect(inputSentence(name, value)).toBe(sentence);
  });

  test('all have a sentence of their own, one line without a full stop', () => {
    const sentences = [...FEATURE_NAMES, ...Object.keys(MARKET_INPUTS)].map((name) =>
      inputSentence(name, 0.3),
    );
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^(It|Its|The|A|\d+%) [^_]*[^.]$/);
  });
});

test('the inputs of the trainer are all defined', async () => {
  const source = new URL('../../../training/boursomatic_training/features.py', import.meta.url);
  const quoted = [...(await readFile(source, 'utf8')).matchAll(/"([a-z]\w*_\w+)"/g)].map(([, name]) => name);
  expect(quoted).toEqual(expect.arrayContaining(['ret_1d_rank', 'vol_20d', 'mom_12_7_rank']));
  expect(quoted.filter((name) => !MODEL_INPUT_NAMES.includes(name ?? ''))).toEqual([]);
});

test('the inputs of the released model are all defined', async () => {
  const source = new URL('../../../models/manifest.json', import.meta.url);
  const { features } = JSON.parse(await readFile(source, 'utf8'));
  expect(MODEL_INPUT_NAMES).toEqual(expect.arrayContaining(features));
});

test('an additional feature has no more than the 63 bytes of a Postgres name, with its rank', () => {
  for (const name of FEATURE_NAMES) expect(`${name}_rank`).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
  expect(FEATURES.ret_1d.storage).toBe('column');
});
