import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readPasted } from '../../../../../functions/api/account/watchlist/pasted-symbols.ts';
import { toCsv } from '../../../../../functions/api/core/csv.ts';

const symbolsOf = async (text: string) => (await readPasted(text)).map(({ symbol }) => symbol);

describe('a pasted list', () => {
  test.each([
    'AAPL,MSFT,BRK-B',
    'AAPL;MSFT;BRK-B',
    'AAPL\tMSFT\tBRK-B',
    'AAPL\r\nMSFT\nBRK-B\n',
    ' AAPL  MSFT,\n;BRK-B,,',
  ])('is split at commas, semicolons, tabs, spaces and line breaks: %j', async (text) =>
    expect(await symbolsOf(text)).toEqual(['AAPL', 'MSFT', 'BRK-B']),
  );

  test('has each symbol once, however it is written', async () => {
    expect(await symbolsOf('aapl $AAPL NASDAQ:AAPL "AAPL" brk.b BRK/B BRK-B')).toEqual(['AAPL', 'BRK-B']);
  });

  test('keeps what is no symbol, shortened, with the fault', async () => {
    const long = 'X'.repeat(500);
    expect(await readPasted(`AAPL <script> ${long} '); 🚀`)).toEqual([
      { symbol: 'AAPL' },
      { symbol: '<script>', fault: 'It is not a symbol such as AAPL or BRK-B.' },
      { symbol: `${long.slice(0, 40)}…`, fault: expect.any(String) },
      { symbol: "')", fault: expect.any(String) },
      { symbol: '🚀', fault: expect.any(String) },
    ]);
  });

  test('without a symbol is refused', async () => {
    for (const text of ['', ' \n;,', '\uFEFF'])
      await expect(readPasted(text)).rejects.toThrow('has no symbols');
  });

  test('of more than 500 symbols is refused as a whole', async () => {
    const list = (length: number) => Array.from({ length }, (_, i) => `S${i}`).join('\n');
    expect(await readPasted(list(500))).toHaveLength(500);
    await expect(readPasted(list(501))).rejects.toThrow('has 501 symbols, and one import takes 500');
    await expect(readPasted(list(10_000))).rejects.toThrow('has 10000 symbols');
  });
});

describe('a pasted CSV', () => {
  test('has its symbols and notes by the names of the columns', async () => {
    const text = '\uFEFFName;Ticker;Note\r\nApple;aapl;"buy, below 200"\r\n"Berkshire";BRK.B;\r\n\r\n;;\r\n';
    expect(await readPasted(text)).toEqual([{ symbol: 'AAPL', note: 'buy, below 200' }, { symbol: 'BRK-B' }]);
  });

  test('with only symbols needs no delimiter', async () => {
    expect(await symbolsOf('Symbol\nAAPL\nMSFT')).toEqual(['AAPL', 'MSFT']);
  });

  test('has one line a note: line breaks become spaces, and a long one is refused', async () => {
    const text = `symbol,note\nAAPL,"two\nlines"\nMSFT,${'x'.repeat(201)}\nKO,${'x'.repeat(200)}`;
    expect(await readPasted(text)).toEqual([
      { symbol: 'AAPL', note: 'two lines' },
      { symbol: 'MSFT', fault: 'Its note is longer than 200 characters.' },
      { symbol: 'KO', note: 'x'.repeat(200) },
    ]);
  });

  test('of an export has the notes that were exported, also those like formulas', async () => {
    const notes = ['=1+1', "'quoted'", '-5% since May', '@home', "'", "it's", '＝1'];
    const text = toCsv(z.object({ symbol: z.string(), note: z.string() }), [
      ...notes.map((note, i) => ({ symbol: `S${i}`, note })),
    ]);
    expect((await readPasted(text)).map(({ note }) => note)).toEqual(notes);
  });

  test('may have rows of other lengths', async () => {
    expect(await symbolsOf('a,symbol\n1,AAPL,2\n1\n1,KO')).toEqual(['AAPL', 'KO']);
  });

  test.each(['symbol,note\nAAPL,"open', 'symbol\n"MS"FT'])(
    'with a stray quotation mark is refused: %j',
    (text) => expect(readPasted(text)).rejects.toThrow('quotation marks do not match'),
  );
});
