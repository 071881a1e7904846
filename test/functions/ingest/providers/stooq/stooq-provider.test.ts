import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { KeyRefusedError } from '../../../../../functions/ingest/providers/errors.ts';
import type { BarRequest } from '../../../../../functions/ingest/providers/provider.ts';
import { ConfigurationError } from '../../../../../functions/shared/errors.ts';
import { KEY_INSTRUCTIONS, stooqCsv } from './answers.ts';
import {
  answer,
  DAYS,
  FRIDAY,
  fetchAll,
  KEY,
  keySecret,
  MONDAY,
  openStooq,
  stooq,
  writeKey,
} from './stooq-support.ts';

const TUESDAY = '2024-03-05,170.76,172.04,169.62,170.12,95132355';

const closes = async (request?: Partial<BarRequest>) => (await fetchAll(request)).bars.map(({ c }) => c);

describe('bars', () => {
  test('reads bars from the CSV, without actions', async () => {
    answer(stooqCsv(FRIDAY, MONDAY));
    expect(await fetchAll()).toEqual({
      bars: [
        { ts: Date.UTC(2024, 2, 1), o: 179.55, h: 180.53, l: 177.38, c: 179.66, v: 73_563_082 },
        { ts: Date.UTC(2024, 2, 4), o: 176.15, h: 176.9, l: 173.79, c: 175.1, v: 81_510_101 },
      ],
      actions: [],
      currency: 'USD',
      timeZone: 'America/New_York',
    });
  });

  test("requests Stooq's form of the symbol, with days and key", async () => {
    answer(stooqCsv(FRIDAY));
    await fetchAll({ symbol: 'BRK-B' });
    const [url] = stooq.asked;
    expect(url?.pathname).toBe('/q/d/l/');
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      s: 'brk-b.us',
      d1: '20240301',
      d2: '20240305',
      i: 'd',
      apikey: KEY,
    });
  });

  test('drops bars outside the requested days', async () => {
    answer(stooqCsv(FRIDAY, MONDAY, TUESDAY));
    expect(await closes({ from: '2024-03-04', to: '2024-03-04' })).toEqual([175.1]);
  });

  test.each<[string, string[], number[]]>([
    ['without any price', [FRIDAY, '2024-03-04,,,,,', TUESDAY], [179.66, 170.12]],
    ['that is not settled at the end', [FRIDAY, '2024-03-04,1,2,1,,5'], [179.66]],
    ['that repeats the last day', [FRIDAY, MONDAY, '2024-03-04,1,2,1,2,5'], [179.66, 2]],
  ])('leaves out a row %s', async (_, rows, expected) => {
    answer(stooqCsv(...rows));
    expect(await closes()).toEqual(expected);
  });

  test.each(['', 'N/D'])('keeps the other rows of an answer with a price of "%s"', async (price) => {
    answer(stooqCsv(FRIDAY, `2024-03-04,${price},2,1,2,5`, TUESDAY));
    expect((await fetchAll()).bars).toMatchObject([{ c: 179.66 }, { o: Number.NaN, h: 2 }, { c: 170.12 }]);
  });

  test('converts pence to pounds', async () => {
    answer(stooqCsv('2024-03-01,100,200,100,150,5'));
    expect(await fetchAll({ symbol: 'VOD.L' })).toMatchObject({
      currency: 'GBP',
      bars: [{ o: 1, c: 1.5, v: 5 }],
    });
  });

  test('keeps two rows of one day, for the quality gate to decide on', async () => {
    answer(stooqCsv(FRIDAY, MONDAY, '2024-03-04,1,2,1,2,5', TUESDAY));
    expect(await closes()).toEqual([179.66, 175.1, 2, 170.12]);
  });

  test('leaves impossible bars to Load', async () => {
    answer(stooqCsv('2024-03-01,1,1,2,1,5', '2024-03-04,1,2,-1,1,-5'));
    expect((await fetchAll()).bars).toMatchObject([
      { h: 1, l: 2 },
      { l: -1, v: -5 },
    ]);
  });

  test('accepts an index without volume, and ignores unknown columns', async () => {
    answer('Date,Open,High,Low,Close\r\n2024-03-01,1,2,1,2\r\n');
    expect((await fetchAll({ symbol: '^GSPC' })).bars).toMatchObject([{ c: 2, v: 0 }]);
    answer('Date,Open,High,Low,Close,Volume,OpenInt\r\n2024-03-01,1,2,1,2,7,\r\n');
    expect((await fetchAll()).bars).toMatchObject([{ c: 2, v: 7 }]);
  });
});

describe('open sessions', () => {
  test.each([
    // New York closes at 21:00 UTC in winter and at 20:00 UTC in summer.
    ['AAPL', '2024-03-05', '2024-03-05T20:59:00Z', '2024-03-05T21:00:00Z'],
    ['AAPL', '2024-03-12', '2024-03-12T19:59:00Z', '2024-03-12T20:00:00Z'],
    ['^GSPC', '2024-03-05', '2024-03-05T20:59:00Z', '2024-03-05T21:00:00Z'],
    ['VOD.L', '2024-03-05', '2024-03-05T16:39:00Z', '2024-03-05T16:40:00Z'],
    ['VOD.L', '2024-04-02', '2024-04-02T15:39:00Z', '2024-04-02T15:40:00Z'],
    ['7203.T', '2024-03-05', '2024-03-05T06:29:00Z', '2024-03-05T06:30:00Z'],
  ])('gives no bar of %s on %s at %s, and one at %s', async (symbol, day, before, after) => {
    answer(stooqCsv('2024-02-29,1,2,1,2,5', `${day},1,2,1,3,5`));
    const request = { symbol, from: '2024-02-28', to: day };
    vi.stubEnv('CLOCK', before);
    expect(await closes(request)).toHaveLength(1);
    vi.stubEnv('CLOCK', after);
    expect(await closes(request)).toHaveLength(2);
  });

  test('follows the earlier of the two clocks', async () => {
    vi.stubEnv('CLOCK', '2024-03-05T23:00:00Z');
    answer(stooqCsv(MONDAY, TUESDAY), 200, { date: 'Tue, 05 Mar 2024 20:30:00 GMT' });
    expect(await closes()).toEqual([175.1]);
  });
});

describe('key of Stooq', () => {
  /** Makes Stooq accept only one key. */
  const takeOnly = (key: string) => {
    stooq.answer = (request, response) => {
      const given = new URL(request.url ?? '', stooq.origin).searchParams.get('apikey');
      response.end(given === key ? stooqCsv(FRIDAY) : KEY_INSTRUCTIONS);
    };
  };

  test.each([
    ['text', `${KEY}\n`],
    ['one pair', JSON.stringify({ apikey: KEY })],
  ])('reads the key from a secret of %s', async (_, secret) => {
    await writeKey(secret);
    takeOnly(KEY);
    expect(await closes()).toEqual([179.66]);
  });

  test.each([
    ['empty', ' \n'],
    ['of several words', `${KEY} ${KEY}`],
    ['of another form', JSON.stringify({ key: KEY })],
    ['cut off', `{"apikey":"${KEY}`],
  ])('refuses a key that is %s when it opens the provider', async (_, secret) => {
    await writeKey(secret);
    const error = await fetchAll().catch((thrown: unknown) => thrown);
    expect(error).toEqual(new ConfigurationError(`secret ${keySecret()}: holds no key for Stooq`));
    expect(inspect(error, { depth: 10 })).not.toContain(KEY);
  });

  test('reads a replaced key again, once', async () => {
    takeOnly(KEY);
    const provider = await openStooq();
    takeOnly('another-key');
    await expect(provider.fetchBars(DAYS)).rejects.toBeInstanceOf(KeyRefusedError);
    expect(stooq.asked).toHaveLength(1);
    await writeKey('another-key');
    expect((await provider.fetchBars(DAYS)).bars).toHaveLength(1);
    expect((await provider.fetchBars(DAYS)).bars).toHaveLength(1);
    expect(stooq.asked.map((url) => url.searchParams.get('apikey'))).toEqual([
      KEY,
      KEY,
      'another-key',
      'another-key',
    ]);
  });
});
