import { describe, expect, test } from 'vitest';
import { expectAccessible, expectProfile, locateCall, useBrowser, WIDTHS } from './browser-support.ts';
import { downloadCsv } from './page-support.ts';

const { openNewUser } = useBrowser();

describe.each(WIDTHS)('list at %i pixels', (width) => {
  const openFilters = (page: import('playwright-core').Page) =>
    width < 768 ? page.getByRole('button', { name: 'Search, sector' }).click() : Promise.resolve();

  test('shows the calls of the chosen profile, which the URL keeps', async () => {
    const { page } = await openNewUser(width);
    expect(await page.getByRole('complementary').innerText()).toContain('Sample data');
    await expectProfile(page, 'conservative');
    await page.getByText('For any stock, it is 30% for BUY, 40% for HOLD and 30% for SELL.').waitFor();
    await page.getByText('Moderate').click();
    await expectProfile(page, 'moderate');
    expect(new URL(page.url()).search).toBe('?profile=moderate');
    await page.reload();
    await expectProfile(page, 'moderate');
    await expectAccessible(page);
  });

  test('filters by call, sector, confidence and text, which the URL keeps', async () => {
    const { page } = await openNewUser(width);
    const symbols = () => page.locator('tbody .symbol, li.card .symbol').allTextContents();
    await page.goto('/recommendations?profile=moderate');
    await locateCall(page, 'AAPL').waitFor();
    const labels = await page.locator('tbody .call, li.card .call').allTextContents();
    const all = await symbols();
    for (const label of ['BUY', 'HOLD', 'SELL']) {
      await page.locator('.segment', { hasText: label }).click();
      await expect.poll(symbols).toEqual(all.filter((_, at) => labels[at] === label));
    }
    await page.locator('.segment', { hasText: /^All$/ }).click();
    await openFilters(page);
    await page.getByRole('searchbox').fill('micro');
    await expect.poll(symbols).toEqual(['MSFT']);
    await page.getByRole('searchbox').fill('zzz');
    await page.getByText('No symbol or name contains “zzz”').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Clear search' }).last().click();
    await expect.poll(async () => (await symbols()).length).toBe(4);
    await page.getByRole('button', { name: /Sector/ }).click();
    await page.getByRole('option', { name: /Communication/ }).click();
    await expect.poll(symbols).toEqual(['GOOG']);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('slider').press('End');
    await page.getByText('No recommendations match these filters.').waitFor();
    expect(new URL(page.url()).search).toContain('minConfidence=0.95');
  });

  test('pages forward and back', async () => {
    const { page } = await openNewUser(width);
    const symbols = () => page.locator('tbody .symbol, li.card .symbol').allTextContents();
    await page.goto('/recommendations?limit=3&sort=symbol');
    await expect.poll(symbols).toEqual(['AAPL', 'GOOG', 'IBM']);
    await page.getByRole('link', { name: 'Next' }).click();
    await expect.poll(symbols).toEqual(['MSFT']);
    await page.getByRole('link', { name: 'Previous' }).click();
    await expect.poll(symbols).toEqual(['AAPL', 'GOOG', 'IBM']);
  });

  test('downloads all pages of the list with its filters as CSV', async () => {
    const { page } = await openNewUser(width);
    await page.goto('/recommendations?profile=moderate&limit=1&sort=-symbol');
    const { name, rows } = await downloadCsv(page, 'the list');
    expect(name).toBe('recommendations.csv');
    expect(rows.map(({ symbol, profile }) => [symbol, profile])).toEqual(
      ['MSFT', 'IBM', 'GOOG', 'AAPL'].map((symbol) => [symbol, 'moderate']),
    );
    await page.goto('/recommendations?search=micro');
    await page.getByText('1 recommendation on this page').waitFor();
    expect((await downloadCsv(page, 'the list')).rows.map(({ symbol }) => symbol)).toEqual(['MSFT']);
  });

  test('explains which filters of a link are invalid, and applies the others', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(400);
    await page.goto(
      '/recommendations?profile=reckless&minConfidence=9000&limit=-1&colour=red&label=BUY&label=SELL',
    );
    await page.getByText('profile must be conservative, moderate or aggressive, not “reckless”.').waitFor();
    await page.getByText('minConfidence must be a number from 0 to 1, not “9000”.').waitFor();
    await page.getByText('label may appear only once').waitFor();
    await locateCall(page, 'AAPL').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove them from the link' }).click();
    expect(new URL(page.url()).search).toBe('');
    await page.goto('/recommendations?cursor=nonsense');
    await page.getByText('This page of the list does not exist').waitFor();
    await page.getByRole('button', { name: 'Go to the first page' }).click();
    await locateCall(page, 'AAPL').waitFor();
  });

  test('dates a call that the latest update could not renew, and counts it apart', async () => {
    const { page } = await openNewUser(width);
    const kept = { carriedOver: true, asOf: '2013-02-22', dataAgeDays: 7 };
    await page.route('**/v1/recommendations?*', async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      const items = answer.items.map((item: { symbol: string }) =>
        item.symbol === 'IBM' ? { ...item, ...kept } : item,
      );
      const coverage = { ...answer.coverage, recommended: 3, carriedOver: 1 };
      await route.fulfill({ response, json: { ...answer, items, coverage } });
    });
    await page.route(/\/v1\/recommendations\/[^?/]+$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), ...kept } });
    });
    await page.goto('/recommendations?profile=moderate');
    await page.getByText('Calls for 3 of 5 stocks').waitFor();
    await page.getByText('1 earlier call kept').waitFor();
    await page.getByText(/^7 days, kept from .*22.* 2013$/).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'IBM' }).click();
    await page.getByText('This call was not renewed').waitFor();
    await page.getByText(/based on prices up to .*22.* 2013, 7 days ago\./).waitFor();
    await expectAccessible(page);
  });

  test('says since when updates fail, why and when the next one begins, above the last calls', async () => {
    const { page } = await openNewUser(width);
    let failing: object | undefined;
    await page.route('**/v1/health', async (route) => {
      const response = await route.fetch();
      const health = await response.json();
      const nextAt = '2013-03-05T12:30:00Z';
      const updates = { failingSince: null, reason: null, nextAt, ...failing };
      await route.fulfill({ response, json: { ...health, updates } });
    });
    await page.reload();
    await page.getByText(/^Next update .*\b5\b/).waitFor();
    expect(await page.getByText('Updates have failed').count()).toBe(0);
    failing = {
      failingSince: '2013-03-04T12:30:00Z',
      reason: 'The provider refused 5 of 5 instruments.',
    };
    await page.reload();
    await page.getByText(/^Updates have failed since .*\b4\b/).waitFor();
    await page
      .getByText(/^The provider refused 5 of 5 instruments\. .* The next attempt is at .*\b5\b/)
      .waitFor();
    await locateCall(page, 'AAPL').waitFor();
    await expectAccessible(page);
  });

  test('shows an error while the service is down, and recovers', async () => {
    const { page, consoleErrors } = await openNewUser(width);
    await page.route('**/v1/recommendations?*', (route) => route.abort());
    await page.getByText('Aggressive').click();
    await page.getByText('The service cannot be reached').or(page.getByText('Out of date')).waitFor();
    await expectAccessible(page);
    await page.unroute('**/v1/recommendations?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectProfile(page, 'aggressive');
    // The browser logs each aborted request to the console.
    const areAborts = consoleErrors.splice(0).every((line) => line.includes('net::ERR_FAILED'));
    expect(areAborts).toBe(true);
  });
});
