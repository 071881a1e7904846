import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSampleProvider } from '../../functions/ingest/providers/sample/sample-provider.ts';
import { actionsFrom, marketFromBarsFile } from './bars-file-market.ts';

const SAMPLE = 'local/sample/stocks.csv.gz';

async function file(text: string): Promise<string> {
  const { rm } = await import('node:fs/promises');
  const path = join(tmpdir(), `market-${process.pid}-${Math.random()}.csv`);
  await writeFile(path, text);
  onTestFinished(() => rm(path));
  return path;
}

describe('market of the bundled sample', () => {
  const market = marketFromBarsFile(SAMPLE);

  test("knows Apple's splits and dividends", () => {
    const actions = market.actions('AAPL', '2000-01-01', '2013-12-31');
    expect(actions.filter(({ kind }) => kind === 'split')).toEqual([
      { exDay: '2000-06-21', kind: 'split', value: 2 },
      { exDay: '2005-02-28', kind: 'split', value: 2 },
    ]);
    expect(actions.filter(({ kind }) => kind === 'dividend').map(({ exDay }) => exDay)).toEqual([
      '2012-08-09',
      '2012-11-07',
      '2013-02-07',
    ]);
  });

  test("recognises Microsoft's special dividend of 2004", () => {
    const [special] = market.actions('MSFT', '2004-11-15', '2004-11-15');
    expect(special).toMatchObject({ kind: 'dividend', value: expect.closeTo(3.03, 2) });
  });

  test("has the file's own adjusted history, up to a factor", async () => {
    const provider = await openSampleProvider(SAMPLE);
    for (const symbol of market.symbols()) {
      const truth = market.truth(symbol, 'daily', '2000-01-01', '2013-12-31');
      const file = await provider.fetchBars({
        symbol,
        interval: 'daily',
        from: '2000-01-01',
        to: '2013-12-31',
      });
      const { bars } = file;
      expect(truth.map(({ ts }) => ts)).toEqual(bars.map(({ ts }) => ts));
      const level = (truth.at(-1)?.c ?? 0) / (bars.at(-1)?.c ?? 1);
      const worst = Math.max(...truth.map(({ c }, i) => Math.abs(c / (bars[i]?.c ?? 0) / level - 1)));
      expect(worst, symbol).toBeLessThan(1e-6);
    }
  });

  test('sets its clock to the end of the last day', () => {
    expect(new Date(market.now()).toISOString()).toBe('2013-03-01T23:59:59.000Z');
    expect(market.truth('IBM', 'daily', '2013-03-01', '2013-03-01')).toHaveLength(1);
  });
});

test('finds no actions in a file of adjusted bars', async () => {
  const path = await file(
    'symbol,date,open,high,low,close,volume\nA,2026-03-09,1,2,1,2,10\nA,2026-03-10,2,3,2,3,10\n',
  );
  const market = marketFromBarsFile(path, {
    listings: [{ symbol: 'A', exchange: 'NYSE', name: 'Alpha', sector: 'S' }],
  });
  expect(market.actions('A', '2000-01-01', '2030-01-01')).toEqual([]);
  expect(market.listing('A')).toMatchObject({ exchange: 'NYSE', name: 'Alpha', sector: 'S' });
});

test('distinguishes a reverse split and a 3:2 split from dividends', () => {
  const bar = (day: string, c: number, adj: number) => ({ day, o: c, h: c, l: c, c, v: 1, adj });
  expect(actionsFrom([bar('2026-01-05', 10, 100), bar('2026-01-06', 100, 100)])).toEqual([
    { exDay: '2026-01-06', kind: 'split', value: 0.1 },
  ]);
  expect(actionsFrom([bar('2026-01-05', 150, 100), bar('2026-01-06', 100, 100)])).toEqual([
    { exDay: '2026-01-06', kind: 'split', value: 1.5 },
  ]);
});

test('refuses other files by name', async () => {
  expect(() => marketFromBarsFile('no/such.csv')).toThrow('no/such.csv: no such file');
  const bad = await file('symbol,date,open,high,low,close,volume\nA,soon,1,2,1,2,10\n');
  expect(() => marketFromBarsFile(bad)).toThrow(`${bad}: has a row that is not a bar: A,soon,1,2,1,2,10`);
  const empty = await file('symbol,date,open,high,low,close,volume\n');
  expect(() => marketFromBarsFile(empty)).toThrow('has no bars');
});
