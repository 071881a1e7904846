import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBarsFile } from './bars-file.ts';
import { expectAccessible, useBrowser } from './browser-support.ts';
import { downloadCsv, scrollsSideways } from './page-support.ts';
import { seedCurrentCall, seedRecord } from './record-seed.ts';

const { openSignedIn, acceptConsentAsAdmin, service } = useBrowser(useBarsFile());

beforeAll(async () => {
  await acceptConsentAsAdmin();
  await service().asOwner(seedRecord);
  await service().asOwner(seedCurrentCall);
});

const BUY_WORDS =
  /^After costs, BUY calls of the moderate profile returned 1\.\d\d points more than the average stock over 5 trading days \(95% interval \+1\.\d\d to \+\d\.\d\d, 118 calls\)\. Chance alone is unlikely to explain this\.$/;

const rows = (page: Page, name: string) =>
  page.getByRole('region', { name, exact: true }).locator('tbody tr');
const labels = (page: Page, name: string) => rows(page, name).locator('.call').allTextContents();

/** Checks that a page fits its screen, has no accessibility violations, and shows no missing value. */
async function expectSound(page: Page): Promise<void> {
  expect(await scrollsSideways(page)).toBe(false);
  expect(await page.locator('main').innerText()).not.toMatch(/NaN|null|undefined/);
  await expectAccessible(page);
}

describe.each([1440, 390, 320])('track record at %i pixels', (width) => {
  const open = async (path: string, options = {}) => {
    const visitor = await openSignedIn(service().admin, width, options);
    await visitor.page.goto(path);
    return visitor;
  };

  test.each(['light', 'dark'] as const)(
    'shows words, charts, tables and every call in the %s theme',
    async (colorScheme) => {
      const { page } = await open('/recommendations', { colorScheme });
      await page.getByRole('link', { name: 'Track record', exact: true }).click();
      await page.getByText('It is too early to tell how good BUY calls of the conservative').waitFor();
      await page.getByText('Moderate').first().click();
      await page.getByText(BUY_WORDS).waitFor();
      expect(await labels(page, 'Hit rates')).toEqual(['BUY', 'SELL']);
      expect(await labels(page, 'Returns')).toEqual(['BUY', 'HOLD', 'SELL']);
      expect(await labels(page, 'Stops and targets')).toEqual(['BUY', 'HOLD', 'SELL']);
      const ends = /^BUY less the average stock, from .* At the end: \+\d\.\d\d points, 95% interval \+/;
      await page.getByRole('img', { name: ends }).waitFor();
      await page.getByRole('img', { name: /^BUY less the benchmark SPY, from / }).waitFor();
      await page.getByRole('img', { name: /^BUY: 2\d% stated/ }).waitFor();
      await page.getByRole('button', { name: 'The points as a table' }).press('Enter');
      await expect.poll(() => rows(page, 'BUY calls over time').count()).toBe(59);
      await expect.poll(() => rows(page, 'Every call').count()).toBe(50);
      // The list starts at the last day with results.
      expect(await rows(page, 'Every call').first().innerText()).toMatch(/21 May 2026.*average stock/s);
      await page.getByRole('button', { name: 'Show more' }).click();
      await expect.poll(() => rows(page, 'Every call').count()).toBe(100);
      await expectSound(page);
    },
  );

  test('filters by call, day and kind, which the URL keeps', async () => {
    const { page } = await open('/track-record?profile=moderate');
    await page.locator('.segment', { hasText: 'SELL' }).click();
    await page.getByText(/^After costs, SELL calls of the moderate profile returned/).waitFor();
    await expect.poll(() => labels(page, 'Returns')).toEqual(['SELL']);
    await expect.poll(async () => new Set(await labels(page, 'Every call'))).toEqual(new Set(['SELL']));
    await page.getByLabel('Last day').fill('2026-03-03');
    await expect.poll(() => rows(page, 'Every call').count()).toBe(4);
    await page.getByText('It is too early to tell: chance alone could explain this.').waitFor();
    await page.getByRole('button', { name: /Kind of calls/ }).click();
    await page.getByRole('option', { name: 'Backdated calls' }).click();
    await page.getByText('These are backdated calls').waitFor();
    expect(new URL(page.url()).search).toBe('?profile=moderate&label=SELL&kind=backdated&to=2026-03-03');
    await page.reload();
    await page.getByText(/^After costs, backdated SELL calls .* \(2 calls\)/).waitFor();
    await expect
      .poll(() => rows(page, 'Every call').locator('.tag').allTextContents())
      .toEqual(['backdated', 'backdated']);
    await expectSound(page);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText(BUY_WORDS).waitFor();
    expect(new URL(page.url()).search).toBe('?profile=moderate');
  });

  test('explains which filters of a link are invalid, and that a model is unknown', async () => {
    const { page, expectStatus } = await open('/track-record?kind=best&from=2026-03-03&to=2026-03-02');
    await page.getByText('kind must be live, backdated, hindsight or sample, not “best”.').waitFor();
    await page.getByText('to must not be before 2026-03-03.').waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Remove them from the link' }).click();
    expect(new URL(page.url()).search).toBe('?from=2026-03-03');
    expectStatus(404);
    await page.goto('/track-record?model=v9.9.9');
    await page.getByText('There is no model version v9.9.9.').waitFor();
    await expectSound(page);
  });

  test('says that no call with a result matches, and lists those that wait for theirs', async () => {
    const { page } = await open('/track-record?profile=moderate&label=BUY&from=2026-11-01');
    await page.getByText('No calls with a result match these filters.').waitFor();
    await expect.poll(() => rows(page, 'Every call').count()).toBe(1);
    expect(await rows(page, 'Every call').innerText()).toContain('Not known yet');
    expect(await page.getByText('a test on past years').count()).toBe(0);
    await expectSound(page);
  });

  test('downloads the results and the calls as CSV', async () => {
    const { page } = await open('/track-record?profile=moderate');
    const results = await downloadCsv(page, 'the results');
    expect(results.name).toBe('track-record.csv');
    expect(
      results.rows.map(({ kind, profile, label, calls }) => [kind, profile, label, calls].join()),
    ).toEqual(['live,moderate,SELL,118', 'live,moderate,HOLD,354', 'live,moderate,BUY,118']);
    const calls = await downloadCsv(page, 'the calls');
    expect(calls.name).toBe('calls.csv');
    expect(calls.rows).toHaveLength(118 + 354 + 118);
    expect(new Set(calls.rows.map(({ profile }) => profile))).toEqual(new Set(['moderate']));
  });

  test('draws a line and a band that forced colours keep apart', async () => {
    const { page } = await open('/track-record?profile=moderate', { forcedColors: 'active' });
    const colour = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    await page.locator('.line-value').first().waitFor();
    const text = await colour('main', 'color');
    expect(await colour('.line-value', 'stroke')).toBe(text);
    expect(await colour('.line-band', 'stroke')).toBe(text);
    expect(await colour('.line-band', 'fill')).toBe('none');
  });

  test('says in the list how good BUY calls have been, and links to the record', async () => {
    const { page } = await open('/recommendations?profile=moderate');
    await page.getByText(BUY_WORDS).waitFor();
    await expectSound(page);
    await page.getByRole('link', { name: 'See the track record' }).click();
    await page.getByRole('heading', { level: 1, name: 'Track record' }).waitFor();
    await page.getByText(BUY_WORDS).waitFor();
  });

  test('says on a stock’s page what the average stock did, and the difference', async () => {
    const { page, expectStatus } = await open('/track-record?profile=moderate&label=BUY&to=2026-03-02');
    // The seeded calls are later than the bars of the file, so there is no chart.
    expectStatus(400);
    await expect.poll(() => rows(page, 'Every call').count()).toBe(2);
    await page.getByRole('link', { name: 'S0' }).click();
    await page.getByText('This call was right').waitFor();
    const words = '-0.3%, average stock -1.0%: 0.75 points better';
    const trade = 'Stop reached after 1 trading day. From the next open, after costs: -0.5%.';
    await page.locator('.note').filter({ hasText: words }).filter({ hasText: trade }).waitFor();
    const row = rows(page, 'All calls').filter({ has: page.getByText('2 Mar 2026', { exact: true }) });
    await page.getByRole('button', { name: 'Show earlier calls' }).waitFor();
    while ((await row.count()) === 0) await page.getByRole('button', { name: 'Show earlier calls' }).click();
    expect(await row.innerText()).toMatch(new RegExp(`✓ Right ${words}\\s+${trade}`));
    await expectSound(page);
  });
});
