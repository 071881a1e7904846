import { readFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { recommendationsReport } from '../../../local/reports/recommendations-report.ts';
import { seedInstrument } from '../../functions/api/market/support.ts';
import {
  emptyStore,
  MODEL_NOTICE,
  type RecommendationSeed,
  seedModelAndRun,
  seedRecommendation,
} from '../../functions/api/recommendations/support.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
const AS_OF = '2026-02-27';
const EXPLANATION = { probabilities: { SELL: 0.3, HOLD: 0.4, BUY: 0.3 } };

beforeEach(async () => {
  await emptyStore(db.sql);
  await seedModelAndRun(db.sql);
  await db.sql`UPDATE pipeline_runs SET model_version_id = (SELECT id FROM model_versions WHERE is_active)`;
});

/** Stores calls of the run for these instruments, and returns the report without its line breaks. */
async function report(seeds: RecommendationSeed[]): Promise<string> {
  for (const seed of seeds) await seedRecommendation(db.sql, { explanation: EXPLANATION, ...seed });
  return (await recommendationsReport(db.client('pipeline'), 'run-1', AS_OF)).replaceAll(/\s+/g, ' ');
}

test('prints the chance of a large move, and of up given one', async () => {
  await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  const explanation = { probabilities: { SELL: 0.18, HOLD: 0.4, BUY: 0.42 } };
  const text = await report([{ symbol: 'AAPL', explanation, expectedReturnPct: 0.3 }]);
  expect(text).toContain('│ Symbol │ Currency │ Close │ Large move │ Then up │ vs average │');
  expect(text).toContain('│ AAPL │ USD │ 195.75 │ 60% │ 70% │ +0.30 points │');
  expect(text).toContain(
    'Large move: the chance that the stock clearly beats or lags the average stock over the next 20',
  );
  expect(text).not.toMatch(/NaN|undefined|null/);
});

test('says that chances were not stored', async () => {
  await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  const text = await report([{ symbol: 'AAPL', explanation: {} }]);
  expect(text).toContain('│ 195.75 │ not stored │ not stored │');
});

test('says which calls are for an unvalidated market, also among earlier calls', async () => {
  await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  await seedInstrument(db.sql, 'VOD.L', { exchange: 'LSE', currency: 'GBP' });
  await seedInstrument(db.sql, 'HSBA.L', { exchange: 'LSE', currency: 'GBP' });
  const text = await report([
    { symbol: 'AAPL' },
    { symbol: 'VOD.L' },
    { symbol: 'HSBA.L', isCarriedOver: true, asOf: '2026-02-26' },
  ]);
  expect(text).toContain('│ AAPL │ │ USD │');
  expect(text).toContain('│ VOD.L │ unvalidated_market │ GBP │');
  expect(text).toContain('│ HSBA.L │ unvalidated_market │ 2026-02-26 │ 1 day │');
  expect(text).toContain('unvalidated_market: The model was trained and tested on US stocks only.');
});

test('says which stocks were compared with those of an earlier day', async () => {
  const universe = (day: string) => ({ explanation: { ...EXPLANATION, universe: { day, stocks: 512 } } });
  for (const symbol of ['AAPL', 'MC.PA', 'SAP.DE']) await seedInstrument(db.sql, symbol);
  const text = await report([
    { symbol: 'AAPL', ...universe(AS_OF) },
    { symbol: 'MC.PA', ...universe('2026-02-26') },
    { symbol: 'SAP.DE', ...universe('2026-02-26') },
  ]);
  expect(text).toContain(
    'MC.PA, SAP.DE: Compared with the 512 stocks of 2026-02-26, because too few had prices for 2026-02-27.',
  );
  expect(text).not.toContain('AAPL: Compared');
});

test('lists failed reference stocks apart from those without a new recommendation', async () => {
  for (const symbol of ['AAPL', 'MSFT', 'PEER']) await seedInstrument(db.sql, symbol);
  await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'PEER'`;
  await db.sql`
    INSERT INTO pipeline_failures (run_id, symbol, step, reason_code, message)
    SELECT 'run-1', symbol, 'fetch', 'timeout', symbol || ': no answer' FROM unnest(ARRAY['MSFT', 'PEER']) AS symbol`;
  const text = await report([{ symbol: 'AAPL' }]);
  expect(text).toContain('Without a new recommendation: MSFT: no answer (timeout) Reference stocks');
  expect(text).toContain("Reference stocks without this run's prices: PEER.");
});

test('names a failed benchmark apart from the stocks', async () => {
  for (const symbol of ['AAPL', 'SPY']) await seedInstrument(db.sql, symbol);
  await db.sql`UPDATE instruments SET purpose = 'benchmark', is_benchmark = true WHERE symbol = 'SPY'`;
  await db.sql`
    INSERT INTO pipeline_failures (run_id, symbol, step, reason_code, message)
    VALUES ('run-1', 'SPY', 'fetch', 'timeout', 'SPY: no answer')`;
  const text = await report([{ symbol: 'AAPL' }]);
  expect(text).toContain('The benchmark has no prices of this run: SPY. No call depends on it.');
  expect(text).not.toContain('Without a new recommendation');
});

test('has no column of marks where all stocks are of the model’s market', async () => {
  await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  expect(await report([{ symbol: 'AAPL' }])).not.toContain('unvalidated');
});

test('says which calls do not count in the track record, and why', async () => {
  await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  await seedInstrument(db.sql, 'IBM', { currency: 'USD' });
  const seeds = [{ symbol: 'AAPL' }, { symbol: 'IBM', generatedAt: '2026-03-20T22:00:00Z' }];
  const text = await report(seeds);
  expect(text).toContain('│ AAPL │ │ USD │');
  expect(text).toContain('│ IBM │ backdated │ USD │');
  expect(text).toContain('backdated: A backdated call was published more than four days after its day.');
});

test('prints where no edge is shown yet with the figures, and that the training data are old', async () => {
  const { metrics } = JSON.parse(
    await readFile(new URL('../../../models/manifest.json', import.meta.url), 'utf8'),
  );
  await db.sql`UPDATE model_versions SET metrics_json = ${db.sql.json(metrics)} WHERE is_active`;
  await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  const text = await report([{ symbol: 'AAPL' }]);
  expect(text).toContain(MODEL_NOTICE);
  expect(text).toMatch(/conservative The best 2% of stocks returned 0\.\d\d points more/);
  expect(text).toMatch(
    /moderate No edge shown yet: the best 5% of stocks returned 0\.\d\d points more .* between -0\.03 and \+0\.52\./,
  );
  expect(text).toMatch(/aggressive No edge shown yet: the best 10% of stocks/);
});

test('says "Not measured" for a model without figures, and that the end of its data is not known', async () => {
  await db.sql`UPDATE model_versions SET data_to = NULL`;
  await seedInstrument(db.sql, 'AAPL', { currency: 'USD' });
  const text = await report([{ symbol: 'AAPL' }]);
  expect(text).toContain('moderate Not measured: there is no figure after costs for the best 5% of stocks.');
  expect(text).toContain('The last day of the prices that the model learned from is not known.');
  expect(text).not.toContain('No edge');
});
