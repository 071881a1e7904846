import { expect, test } from 'vitest';
import { reportBarsFile } from '../../../../functions/ingest/bars-file/report.ts';
import { openCsvProvider } from '../../../../functions/ingest/providers/csv/csv-provider.ts';
import { useBarsFolder } from './bars-file-support.ts';

const folder = useBarsFolder();
const ALL = { interval: 'daily', from: '2000-01-01', to: '2099-12-31' } as const;

const FILE = `Symbol,Date,Open,High,Low,Close,Volume,Currency
VOD.L,2013-01-02,150,160,140,155,100,GBp
VOD.L,2013-01-03,150,160,140,155,100,GBp
SAP.DE,2013-01-02,60,61,59,60,100,eur
AAPL,2013-01-02,10,11,9,10,100,
`;

test('takes the currency of each symbol from its column, and prices out of minor units', async () => {
  await folder.read('mixed.csv', FILE);
  const provider = await openCsvProvider(folder.pathOf('mixed.csv'));
  expect(await provider.fetchBars({ ...ALL, symbol: 'VOD.L', to: '2013-01-02' })).toEqual({
    bars: [{ ts: Date.UTC(2013, 0, 2), o: 1.5, h: 1.6, l: 1.4, c: 1.55, v: 100 }],
    actions: [],
    currency: 'GBP',
  });
  expect(await provider.fetchBars({ ...ALL, symbol: 'SAP.DE' })).toMatchObject({ currency: 'EUR' });
  expect(await provider.fetchBars({ ...ALL, symbol: 'AAPL' })).not.toHaveProperty('currency');
});

test('takes the given currency for symbols without one', async () => {
  await folder.read('mixed.csv', FILE);
  const provider = await openCsvProvider(folder.pathOf('mixed.csv'), { currency: 'ZAc' });
  const answer = await provider.fetchBars({ ...ALL, symbol: 'AAPL' });
  expect([answer.currency, answer.bars[0]?.c]).toEqual(['ZAR', 0.1]);
  expect(await provider.fetchBars({ ...ALL, symbol: 'SAP.DE' })).toMatchObject({ currency: 'EUR' });
});

test('reports the currencies, and how to name a missing one', async () => {
  const file = await folder.read('mixed.csv', FILE);
  expect(reportBarsFile(file)).toContain(
    'Currency: unknown for 1 symbol. If these prices are in US dollars, pass --currency USD.',
  );
  expect(reportBarsFile(file, 'USD')).toContain('Currency: GBp, USD, eur.');
});

test.each([
  ['two currencies', 'VOD.L,2013-01-03,1,1,1,1,1,GBP', 'currency GBP after rows in GBp'],
  [
    'text that is no code',
    'VOD.L,2013-01-03,1,1,1,1,1,pence',
    'currency "pence" is not a code such as USD or GBX',
  ],
])('refuses a symbol with %s, and reads the others', async (_, row, fault) => {
  const text = FILE.replace('VOD.L,2013-01-03,150,160,140,155,100,GBp', row);
  const file = await folder.read('faulty.csv', text);
  expect([...file.faults]).toEqual([['VOD.L', `${folder.pathOf('faulty.csv')}:3: VOD.L: ${fault}`]]);
  expect([...file.series.keys()]).toEqual(['VOD.L', 'SAP.DE', 'AAPL']);
});
