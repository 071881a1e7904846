import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectAccessible, useBrowser } from './browser-support.ts';
import { scrollsSideways } from './page-support.ts';

const { openNewUser } = useBrowser();

const MARKED = { marks: ['unvalidated_market'] };
const HINDSIGHT = { kind: 'hindsight' };
const RETRAIN =
  /learned from prices up to 2015-12-31, more than 2 years ago. An administrator should retrain it/;

/** Changes fields of a stock's calls in the answers of the API. */
async function mark(page: Page, symbol: string, fields: object): Promise<void> {
  const marked = <T extends { symbol: string }>(item: T) =>
    item.symbol === symbol ? { ...item, ...fields } : item;
  await page.route('**/v1/recommendations?*', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    await route.fulfill({ response, json: { ...answer, items: answer.items.map(marked) } });
  });
  await page.route(/\/v1\/recommendations\/[^?/]+$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: marked(await response.json()) });
  });
}

describe.each([1440, 390, 320])('the limits of calls at %i pixels', (width) => {
  test('marks a stock outside the model’s market in the list and in the detail', async () => {
    const { page } = await openNewUser(width);
    expect(await page.getByText('unvalidated market').count()).toBe(0);
    await mark(page, 'IBM', MARKED);
    await page.goto('/recommendations?profile=moderate');
    await page.getByText('Some stocks are marked “unvalidated market”').waitFor();
    const rows = page
      .locator('tbody tr, li.card')
      .filter({ has: page.locator('.tag', { hasText: 'unvalidated' }) });
    expect(await rows.locator('.symbol').allTextContents()).toEqual(['IBM']);
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'IBM' }).click();
    await page.getByText('trained and tested on US stocks only').waitFor();
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
    await page.goto('/recommendations?profile=moderate');
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByText('If large, then up').waitFor();
    expect(await page.getByText('trained and tested on US stocks only').count()).toBe(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('marks calls that do not count, in the list, the detail and the history', async () => {
    const { page } = await openNewUser(width);
    await mark(page, 'IBM', HINDSIGHT);
    await page.goto('/recommendations?profile=moderate');
    await page.getByText('Some calls are marked “hindsight”').waitFor();
    const tagged = (kind: string) =>
      page.locator('tbody tr, li.card').filter({ has: page.locator('.tag', { hasText: kind }) });
    expect(await tagged('hindsight').locator('.symbol').allTextContents()).toEqual(['IBM']);
    expect(await tagged('sample').locator('.symbol').allTextContents()).toContain('AAPL');
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'IBM' }).click();
    await page.getByText('Made with hindsight').waitFor();
    await page.getByText('Does not count: sample').first().waitFor();
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('keeps sample calls out of the track record, which shows a test on past years instead', async () => {
    const { page } = await openNewUser(width);
    const hint = 'A call for sample data does not count in the track record.';
    await page.getByText(hint).waitFor();
    await page.getByRole('link', { name: 'See the track record' }).click();
    await page
      .getByText('It is too early to tell how good BUY calls of the conservative profile are')
      .waitFor();
    await page.getByRole('heading', { name: 'Until then: a test on past years' }).waitFor();
    await page
      .getByText(/^No live call is old enough for a result\. .* did not publish these calls/)
      .waitFor();
    await page.getByText('Conservative: edge shown on past days').waitFor();
    await page.getByText('No calls match these filters.').waitFor();
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
    await page.getByText(hint).getByRole('link', { name: 'Show the sample calls' }).click();
    await page.getByText('These are sample calls').waitFor();
    const rows = page.getByRole('region', { name: 'Every call' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(4);
    expect(await rows.locator('.tag').allTextContents()).toEqual(Array(4).fill('sample'));
    expect(await page.getByText('a test on past years').count()).toBe(0);
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
  });

  test('says in list, detail and model page that the model should be retrained', async () => {
    const { page } = await openNewUser(width);
    await page.getByText(RETRAIN).waitFor();
    await page
      .getByText(/learned from prices up to .*31.* 2015/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByText(RETRAIN).waitFor();
    await page.goto('/model');
    await page.getByText(RETRAIN).waitFor();
  });

  test('says with the figures for which profiles no edge is shown yet', async () => {
    const { page } = await openNewUser(width);
    await page.goto('/recommendations?profile=moderate');
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByText('No edge shown yet', { exact: true }).waitFor();
    await page
      .getByText(/best 5% of stocks returned 0\.\d\d points more .* between -0\.\d\d and \+0\.\d\d\./)
      .waitFor();
    await page.getByRole('link', { name: 'More about the model' }).click();
    const edges = page.locator('.edges dt');
    await edges.first().waitFor();
    expect(await edges.allTextContents()).toEqual([
      'Conservative: edge shown on past days',
      'Moderate: no edge shown yet',
      'Aggressive: no edge shown yet',
    ]);
    expect(await scrollsSideways(page)).toBe(false);
  });

  test('says “Not measured” for a model without figures', async () => {
    const { page } = await openNewUser(width);
    await page.route(/\/v1\/models\//, async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      const edges = answer.edges.map((edge: object) => ({
        ...edge,
        status: 'not_measured',
        excessPct: null,
        interval: null,
        words: 'Not measured: there is no figure.',
      }));
      const { hitRates, reliability } = answer.card;
      const emptied = (of: object, value: unknown) =>
        Object.fromEntries(Object.keys(of).map((label) => [label, value]));
      const card = {
        ...answer.card,
        rows: null,
        days: null,
        costBpsOneWay: null,
        measures: [],
        folds: [],
        hitRates: emptied(hitRates, { hitRate: null, baseRate: null }),
        reliability: emptied(reliability, []),
      };
      await route.fulfill({
        response,
        json: { ...answer, modelDataTo: null, modelNotice: null, edges, card },
      });
    });
    await page.goto('/model');
    await page.getByText('Moderate: not measured').waitFor();
    expect(await page.getByText(/^Not measured\.?$/).count()).toBe(4);
    expect(await page.locator('main').innerText()).not.toMatch(/NaN|null|undefined/);
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
    await page.goto('/recommendations?profile=moderate');
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByText('Not measured', { exact: true }).waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/NaN|null|undefined/);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
});
