import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBarsFile } from './bars-file.ts';
import { expectAccessible, useBrowser } from './browser-support.ts';
import { scrollsSideways } from './page-support.ts';
import { seedCurrentCall, seedRecord } from './record-seed.ts';

const { openSignedIn, acceptConsentAsAdmin, service } = useBrowser(useBarsFile());

beforeAll(async () => {
  await acceptConsentAsAdmin();
  await service().asOwner(seedRecord);
  await service().asOwner(seedCurrentCall);
});

const PATH = '/track-record?profile=moderate';
const rows = (page: Page, name: string) =>
  page.getByRole('region', { name, exact: true }).locator('tbody tr');

/** Checks that a page fits its screen, has no accessibility violations, and shows no missing value. */
async function expectSound(page: Page): Promise<void> {
  expect(await scrollsSideways(page)).toBe(false);
  expect(await page.locator('main').innerText()).not.toMatch(/NaN|null|undefined/);
  await expectAccessible(page);
}

describe.each([1440, 390, 320])('track record at %i pixels', (width) => {
  const open = async (path = PATH, options = {}) => {
    const visitor = await openSignedIn(service().admin, width, options);
    await visitor.page.goto(path);
    return visitor;
  };

  test.each(['light', 'dark'] as const)(
    'shows words, charts, tables and every call in the %s theme',
    async (colorScheme) => {
      const { page } = await open('/recommendations', { colorScheme });
      await page.getByRole('link', { name: 'Track record', exact: true }).click();
      await page.getByRole('radio', { name: 'Moderate' }).click({ force: true });
      await page
        .getByText(
          /^After costs, BUY calls of the moderate profile returned 1\.\d\d points more than the average stock over 5 trading days \(95% interval \+1\.\d\d to \+\d\.\d\d, 118 calls\)\. Chance alone is unlikely to explain this\.$/,
        )
        .waitFor();
      expect(await rows(page, 'Hit rates').count()).toBe(2);
      expect(await rows(page, 'Returns').count()).toBe(3);
      expect(await rows(page, 'Stops and targets').count()).toBe(3);
      await page
        .getByRole('img', {
          name: /^BUY less the average stock, from .* At the end: \+\d\.\d\d points, 95% interval/,
        })
        .waitFor();
      await page.getByRole('img', { name: /^BUY less the benchmark SPY, from / }).waitFor();
      await page.getByRole('button', { name: 'The points as a table' }).click();
      expect(await rows(page, 'BUY calls over time').count()).toBe(59);
      await page.getByRole('img', { name: /^BUY: 2\d% stated/ }).waitFor();
      await expect.poll(() => rows(page, 'Every call').count()).toBe(50);
      await page.getByRole('button', { name: 'Show more' }).click();
      await expect.poll(() => rows(page, 'Every call').count()).toBe(100);
      await expectSound(page);
    },
  );
});
