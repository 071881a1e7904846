import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { databaseOfFile } from '../../local/installation/source.ts';
import { expectAccessible, locateCall, useBrowser, WIDTHS } from './browser-support.ts';

let folder: string | undefined;

/** Starts the service on the sample's bars as a CSV file, with one implausible bar and no recommendations. */
const { openAdmin, acceptConsentAsAdmin, service, openSignedIn } = useBrowser(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boursomatic-bars-')));
  const sample = gunzipSync(
    await readFile(new URL('../../local/sample/stocks.csv.gz', import.meta.url)),
  ).toString();
  const bars = join(folder, 'bars.csv');
  const [, ...lines] = sample.trimEnd().split('\n');
  const head = 'symbol,date,open,high,low,close,volume';
  await writeFile(bars, [head, ...lines.map(toCsvLine), ''].join('\n'));
  return {
    args: ['--provider', 'csv', '--bars', bars, '--mode', 'backfill'],
    database: await databaseOfFile(bars),
  };
});

afterAll(async () => {
  if (folder) await rm(folder, { recursive: true });
});

/** A line of the sample with adjusted prices; the prices of one day of IBM are twenty times too high. */
function toCsvLine(line: string): string {
  const [symbol, day, ...numbers] = line.split(',');
  const [open = 0, high = 0, low = 0, close = 1, volume = 0, adjusted = 1] = numbers.map(Number);
  const factor = (adjusted / close) * (line.startsWith('IBM,2013-02-14') ? 20 : 1);
  const prices = [open, high, low, close].map((price) => (price * factor).toFixed(6));
  return [symbol, day, ...prices, volume].join();
}

test('shows an empty list, then withheld recommendations, then current ones, without a reload', async () => {
  await acceptConsentAsAdmin();
  const readers = await Promise.all(WIDTHS.map((width) => openSignedIn(service().admin, width)));
  /** Makes a run, and lets the time pass until the pages poll again. */
  const run = async (...args: Parameters<ReturnType<typeof service>['runAsOf']>) => {
    await service().runAsOf(...args);
    for (const { page } of readers) await page.clock.fastForward('01:05');
  };
  for (const { page } of readers) {
    await page.clock.install();
    await page.goto('/recommendations');
    await page.getByText('No recommendations yet.').waitFor();
    await page.getByText('Bars from a file, as of').waitFor();
    await expectAccessible(page);
  }
  await service().storeUniverses();
  await run('2013-02-20');
  for (const { page } of readers) {
    await page.getByText(/^\d recommendations? (is|are) not shown$/).waitFor();
    await page.getByText('All recommendations are based on data more than 7 days old').waitFor();
    await page.getByText('No current recommendations.').waitFor();
    expect(await page.getByText('No recommendations yet.').count()).toBe(0);
    await expectAccessible(page);
  }
  await run('2013-03-01', ['AAPL']);
  for (const { page } of readers) {
    await locateCall(page, 'AAPL').waitFor();
    await page.getByText('These recommendations are based on data more than 7 days old').waitFor();
    expect(await locateCall(page, 'GOOG').count()).toBe(0);
    await expectAccessible(page);
  }
});

test.each(WIDTHS)('shows a quarantined bar with the reason at %i pixels', async (width) => {
  const { page } = await openAdmin(width, '/admin/runs');
  const row = page.getByRole('region', { name: 'Quarantined bars' }).locator('tbody tr');
  await expect.poll(() => row.count()).toBe(1);
  expect(await row.textContent()).toMatch(/^IBM14 Feb 2013[\d,.]+csv.+/);
  await expectAccessible(page);
});
