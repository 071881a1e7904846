import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectAccessible, locateCall, useBrowser, WIDTHS } from './browser-support.ts';
import { downloadCsv, scrollsSideways } from './page-support.ts';

const { openNewUser } = useBrowser();

const star = (page: Page, symbol: string) =>
  page.getByRole('button', { name: `Follow ${symbol}`, exact: true });
const pressed = (page: Page, symbol: string) => star(page, symbol).first().getAttribute('aria-pressed');
const symbols = (page: Page) => page.locator('tbody .symbol, li.card .symbol').allTextContents();
const choose = (page: Page, name: string | RegExp) => page.locator('.segment', { hasText: name }).click();

describe.each(WIDTHS)('the watchlist at %i pixels', (width) => {
  test('opens with the followed stocks once there are any, and keeps its rows while stars change', async () => {
    const { page } = await openNewUser(width);
    await locateCall(page, 'AAPL').waitFor();
    expect(await symbols(page)).toHaveLength(4);
    await star(page, 'MSFT').press('Enter');
    await star(page, 'IBM').press('Space');
    await expect.poll(() => pressed(page, 'IBM')).toBe('true');
    await page.getByText('Following (2)').waitFor();
    expect(await symbols(page)).toHaveLength(4);
    await page.goto('/recommendations');
    await expect.poll(() => symbols(page)).toEqual(expect.arrayContaining(['MSFT', 'IBM']));
    expect(await symbols(page)).toHaveLength(2);
    expect(new URL(page.url()).search).toBe('?following=true');
    await expectAccessible(page);
    expect(await scrollsSideways(page)).toBe(false);
    const { name, rows } = await downloadCsv(page, 'the followed stocks');
    expect(name).toBe('watchlist.csv');
    expect(rows.map(({ symbol }) => symbol)).toEqual(['IBM', 'MSFT']);
    await star(page, 'IBM').click();
    await expect.poll(() => pressed(page, 'IBM')).toBe('false');
    await page.getByText('Following (1)').waitFor();
    expect(await symbols(page)).toHaveLength(2);
    await page.reload();
    await expect.poll(() => symbols(page)).toEqual(['MSFT']);
    await choose(page, 'All stocks');
    await expect.poll(() => symbols(page)).toHaveLength(4);
    expect(new URL(page.url()).search).toBe('?following=false');
    await page.reload();
    await expect.poll(() => symbols(page)).toHaveLength(4);
    await choose(page, 'Following');
    await choose(page, 'SELL');
    await expect.poll(() => new URL(page.url()).search).toBe('?following=true&label=SELL');
  });

  test('takes a star back that the service refuses, and tries again', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(503);
    await locateCall(page, 'AAPL').waitFor();
    await page.route('**/v1/me/watchlist/AAPL', (route) => route.fulfill({ status: 503, body: '' }));
    await star(page, 'AAPL').click();
    await page.getByText('The service is not available').waitFor();
    expect(await pressed(page, 'AAPL')).toBe('false');
    await page.unroute('**/v1/me/watchlist/AAPL');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => pressed(page, 'AAPL')).toBe('true');
    await expect.poll(() => page.getByText('The service is not available').count()).toBe(0);
    await page.reload();
    await expect.poll(() => pressed(page, 'AAPL')).toBe('true');
  });

  test('says what to do if nothing is followed, or nothing of it matches', async () => {
    const { page } = await openNewUser(width);
    await page.goto('/recommendations?following=true');
    await page.getByText('You follow no stocks.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Show all stocks' }).click();
    await star(page, 'AAPL').click();
    await expect.poll(() => pressed(page, 'AAPL')).toBe('true');
    await page.goto('/recommendations?following=true&search=msft');
    await page.getByText('None of the stocks that you follow match these filters.').waitFor();
    await page.getByRole('button', { name: 'Search all stocks' }).click();
    await expect.poll(() => symbols(page)).toEqual(['MSFT']);
  });

  test('keeps a note that is written in the detail', async () => {
    const { page } = await openNewUser(width);
    await page.getByRole('link', { name: /AAPL/ }).first().click();
    await page.getByRole('heading', { level: 1, name: 'AAPL' }).waitFor();
    expect(await page.getByRole('button', { name: 'Add a note' }).count()).toBe(0);
    await star(page, 'AAPL').click();
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByLabel('Note about AAPL').fill('sell above 300');
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page.getByText('sell above 300').waitFor();
    await page.reload();
    await page.getByText('sell above 300').waitFor();
    await page.getByRole('button', { name: 'Edit note' }).click();
    await page.getByLabel('Note about AAPL').fill('');
    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByRole('button', { name: 'Add a note' }).waitFor();
  });

  test('imports a pasted list, and says why it refuses the rest', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(400);
    await locateCall(page, 'AAPL').waitFor();
    await page.getByRole('button', { name: 'Import a list' }).click();
    const dialog = page.getByRole('dialog');
    const text = dialog.getByRole('textbox');
    const submit = dialog.getByRole('button', { name: 'Follow these stocks' });
    await text.fill(Array.from({ length: 501 }, (_, i) => `S${i}`).join(' '));
    await submit.click();
    await dialog.getByText('one import takes 500').waitFor();
    await text.fill(Array.from({ length: 10_000 }, (_, i) => `SYMBOL${i}`).join(', '));
    await dialog.getByText('This list is too long').waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await text.fill('aapl; $MSFT\nNVDA, no-such-symbol-at-all');
    await submit.click();
    await dialog.getByText('You now follow 2 more stocks.').waitFor();
    await dialog.getByText('This installation shows the bundled sample').waitFor();
    await dialog.getByText('It is not a symbol such as AAPL or BRK-B.').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Following (2)').waitFor();
    await expect.poll(() => pressed(page, 'MSFT')).toBe('true');
  });

  test('says that the sample takes no other stocks', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(403);
    await page.goto('/recommendations?search=NVDA');
    await page.getByText('No symbol or name contains “NVDA”').waitFor();
    await page.getByRole('button', { name: 'Follow NVDA' }).click();
    await page.getByText('This installation shows the bundled sample').waitFor();
    await expectAccessible(page);
  });
});
