import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Me, RecommendationPage } from '../../web/api-types.d.ts';
import { defined } from '../../web/src/defined.ts';
import { expectAccessible, useBrowser, WIDTHS } from './browser-support.ts';
import { register, scrollsSideways } from './page-support.ts';
import { visitViews } from './view-support.ts';

const { openPage, openNewUser, openSignedIn, makeLogin, service, acceptConsentAsAdmin } = useBrowser();

beforeAll(() => acceptConsentAsAdmin());

const LOCALES = ['de-DE', 'fr-FR', 'ar-EG'] as const;

describe.each(WIDTHS)('locale of the browser at %i pixels', (width) => {
  test.each(LOCALES)('formats the numbers and days of the list as in %s', async (locale) => {
    const { page } = await openNewUser(width, { locale });
    const answer = page.waitForResponse(/\/v1\/recommendations\?/);
    await page.goto('/recommendations?profile=moderate');
    const { items, asOf } = (await (await answer).json()) as RecommendationPage;
    const { points, price, share, day } = makeFormats(locale);
    const shown = async (of: string) => plain((await page.locator(of).allTextContents()).join(' '));
    await page.locator('tbody .symbol, .card .symbol').first().waitFor();
    const list = await shown('tbody, .cards');
    expect(items.length).toBe(4);
    for (const item of items) {
      expect(list).toContain(plain(`${points(item.expectedReturnPct)} points`));
      expect(list).toContain(plain(share(item.confidence)));
      expect(list).toContain(plain(price(item.stopLoss)));
      expect(list).toContain(plain(price(item.takeProfit)));
    }
    expect(await shown('time')).toBe(plain(day(defined(asOf, 'day of the list'))));
    // The page's words are in English in every locale.
    expect(await page.getByRole('searchbox').count()).toBe(width < 768 ? 0 : 1);
    if (width >= 768) {
      await page.getByRole('searchbox').fill('micro');
      await page.getByRole('button', { name: 'Clear search' }).click();
      await page.getByRole('slider').press('ArrowRight');
      await expect.poll(() => shown('.slider output')).toBe(plain(share(0.05)));
    }
    // The layout is left to right in every locale, and so are the arrow keys.
    await page.getByRole('radio', { name: 'Moderate' }).press('ArrowRight');
    await page.getByRole('radio', { name: 'Aggressive', checked: true }).waitFor();
  });

  test('shows instants in the reader’s time zone, and trading days without a time zone', async () => {
    const timeZone = 'Pacific/Auckland';
    const { page } = await openNewUser(width, { locale: 'fr-FR', timezoneId: timeZone });
    const { moment, day } = makeFormats('fr-FR', timeZone);
    expect(plain(await page.locator('time').innerText())).toBe(plain(day('2013-03-01')));
    const answer = page.waitForResponse(/\/v1\/me$/);
    await page.goto('/settings');
    const { createdAt } = (await (await answer).json()) as Me;
    await expect
      .poll(async () => plain(await page.locator('.page-head').innerText()))
      .toContain(plain(moment(createdAt)));
  });
});

describe('horizontal scrolling', () => {
  test.each([
    ['de-DE', 320],
    ['ar-EG', 390],
    ['fr-FR', 1440],
  ] as const)('is not needed in %s at %i pixels, and views are accessible', async (locale, width) => {
    const { page, expectStatus } = await openSignedIn(service().admin, width, { locale });
    expectStatus(404);
    const found: string[] = [];
    await visitViews(page, async ({ name }) => {
      if (await scrollsSideways(page)) found.push(name);
      if (width === 320 || locale === 'ar-EG') await expectAccessible(page);
    });
    expect(found).toEqual([]);
  });

  test('is not needed to sign in at 320 pixels', async () => {
    const { page } = await openPage(320);
    for (const path of ['/sign-in', '/register']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect([path, await scrollsSideways(page)]).toEqual([path, false]);
    }
    await register(page, makeLogin(320));
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
  });

  test('is not needed with text of twice the size at 720 pixels, and no text is clipped', async () => {
    const { page, expectStatus } = await openSignedIn(service().admin, 720);
    expectStatus(404);
    const found: string[] = [];
    await visitViews(page, async ({ name }) => {
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
      if (await scrollsSideways(page)) found.push(`${name} is too wide`);
      found.push(...(await findClippedText(page)).map((words) => `${name}: ${words}`));
    });
    expect(found).toEqual([]);
  });
});

/** Formats numbers and dates as a browser of the locale does. */
function makeFormats(locale: string, timeZone = 'UTC') {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options).format;
  const date = (options: Intl.DateTimeFormatOptions) => (iso: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...options }).format(new Date(iso));
  return {
    points: number({ signDisplay: 'exceptZero', minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    share: number({ style: 'percent' }),
    price: number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    day: date({ timeZone: 'UTC' }),
    moment: date({ timeStyle: 'short', timeZone }),
  };
}

/** Normalises spaces and direction marks, which differ between ICU versions. */
function plain(text: string): string {
  return text.replace(/[\u200e\u200f\u061c]/g, '').replace(/\s+/g, ' ');
}

/** Finds text that its box clips. Names that end in an ellipsis are shown in full in their own view. */
function findClippedText(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *, header *')]
      .filter((element) => {
        const { overflowX, textOverflow } = getComputedStyle(element);
        const isHidden =
          element.closest('.visually-hidden, [aria-hidden="true"], [style*="clip"], .chart-canvas') !== null;
        const isCut =
          element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
        return isCut && !isHidden && ['hidden', 'clip'].includes(overflowX) && textOverflow !== 'ellipsis';
      })
      .map((element) => `${element.tagName} “${element.innerText.slice(0, 40)}”`),
  );
}
