import { expect, test } from 'vitest';
import { openCsvProvider } from '../../../../../functions/ingest/providers/csv/csv-provider.ts';
import { BadRowError, NotFoundError } from '../../../../../functions/ingest/providers/errors.ts';
import { BadInputError } from '../../../../../functions/shared/errors.ts';
import { fixture } from '../fixtures.ts';

const ALL = { interval: 'daily', from: '2000-01-01', to: '2099-12-31' } as const;

test('lists the symbols, knows the last day and gives unchanged bars, from plain text and gzip', async () => {
  for (const name of ['ok/two-symbols.csv', 'ok/two-symbols.csv.gz']) {
    const provider = await openCsvProvider(fixture(name));
    expect(provider.name).toBe('csv');
    expect(provider.listings()).toEqual([{ symbol: 'AAPL' }, { symbol: 'BRK-B' }]);
    expect(provider.lastDay()).toBe('2013-01-04');
    expect(
      await provider.fetchBars({ symbol: 'AAPL', interval: 'daily', from: '2013-01-03', to: '2013-01-31' }),
    ).toEqual({
      bars: [{ ts: Date.UTC(2013, 0, 3), o: 11, h: 13, l: 10.5, c: 12.25, v: 1500 }],
      actions: [],
    });
  }
});

test('accepts a request for days without bars', async () => {
  const provider = await openCsvProvider(fixture('ok/two-symbols.csv'));
  expect(await provider.fetchBars({ ...ALL, symbol: 'AAPL', to: '2012-12-31' })).toEqual({
    bars: [],
    actions: [],
  });
});

test('refuses a symbol that is not in the file', async () => {
  const path = fixture('ok/two-symbols.csv');
  const provider = await openCsvProvider(path);
  await expect(provider.fetchBars({ ...ALL, symbol: 'IBM' })).rejects.toThrow(
    new NotFoundError(`IBM: is not in ${path}`),
  );
});

test('lists a faulty symbol among several, and refuses it with its fault', async () => {
  const path = fixture('not-ok/text-in-a-number.csv');
  const provider = await openCsvProvider(path);
  expect(provider.listings()).toEqual([{ symbol: 'AAPL' }, { symbol: 'BAD' }, { symbol: 'IBM' }]);
  const error = await provider.fetchBars({ ...ALL, symbol: 'BAD' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BadRowError);
  expect(error).toMatchObject({
    reason: 'bad_row',
    message: `${path}:4: BAD: open "abc" is not a number`,
  });
  expect((await provider.fetchBars({ ...ALL, symbol: 'AAPL' })).bars).toHaveLength(2);
});

test('reports a name that is not a symbol, and does not list it', async () => {
  const path = fixture('not-ok/bad-symbol.csv');
  const provider = await openCsvProvider(path);
  expect(provider.listings()).toEqual([{ symbol: 'AAPL' }, { symbol: 'IBM' }]);
  expect(provider.report().at(-1)).toBe(
    `Left out 1 row, first at ${path}:4: "b a d" is not a symbol such as AAPL or BRK-B.`,
  );
});

test('ignores faulty symbols when it finds the last day', async () => {
  const provider = await openCsvProvider(fixture('not-ok/faulty-last-day.csv'));
  expect(provider.lastDay()).toBe('2013-01-04');
});

test('adjusts by the adjusted close where the file has one', async () => {
  const provider = await openCsvProvider(fixture('ok/as-traded-with-a-split.csv'));
  const { bars } = await provider.fetchBars({ ...ALL, symbol: 'AAPL', to: '2005-02-25' });
  expect(bars).toEqual([
    { ts: Date.UTC(2005, 1, 25), o: 44.81, h: 44.955, l: 44.095, c: 44.495, v: 32_696_800 },
  ]);
});

test('refuses a file whose symbols are all faulty', async () => {
  await expect(openCsvProvider(fixture('not-ok/wrong-header.csv'))).rejects.toThrow(BadInputError);
});
