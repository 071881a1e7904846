import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, useBrowser, WIDTHS } from './browser-support.ts';
import { findViolations, register } from './page-support.ts';
import { visitViews } from './view-support.ts';

const { openPage, openSignedIn, makeLogin, openNewUser, service, acceptConsentAsAdmin } = useBrowser();

beforeAll(() => acceptConsentAsAdmin());

const combinations = WIDTHS.flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => [scheme, width] as const),
);

describe.each(combinations)('%s theme at %i pixels', (colorScheme, width) => {
  test('has no accessibility violations in any view', async () => {
    const { page, expectStatus } = await openSignedIn(service().admin, width, { colorScheme });
    expectStatus(404);
    const found: Record<string, string[]> = {};
    await visitViews(page, async ({ name }) => {
      const lines = await findViolations(page);
      if (lines.length > 0) found[name] = lines;
      expect(await isDark(page)).toBe(colorScheme === 'dark');
    });
    expect(found).toEqual({});
  });

  test('has no accessibility violations while signing in and registering', async () => {
    const { page } = await openPage(width, { colorScheme });
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Create one' }).click();
    await page.getByRole('button', { name: 'Create account' }).waitFor();
    await expectAccessible(page);
    await register(page, makeLogin(width));
    await expectAccessible(page);
    expect(await isDark(page)).toBe(colorScheme === 'dark');
  });
});

describe.each(WIDTHS)('theme at %i pixels', (width) => {
  test('follows the system until the user chooses a theme, and keeps the choice', async () => {
    const { page } = await openNewUser(width, { colorScheme: 'dark' });
    const choose = (name: string) => page.getByText(name, { exact: true }).click();
    await page.goto('/settings');
    await page.getByRole('radio', { name: 'Same as system' }).waitFor();
    expect(await isDark(page)).toBe(true);
    await choose('Light');
    await expect.poll(() => isDark(page)).toBe(false);
    await page.reload();
    await page.getByRole('radio', { name: 'Light', checked: true }).waitFor();
    expect(await isDark(page)).toBe(false);
    await choose('Same as system');
    await expect.poll(() => isDark(page)).toBe(true);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => isDark(page)).toBe(false);
    await page.reload();
    await page.getByRole('radio', { name: 'Same as system', checked: true }).waitFor();
    expect(await isDark(page)).toBe(false);
  });

  test.each(['reduce', 'no-preference'] as const)(
    'animates according to the system’s reduced-motion setting %s',
    async (reducedMotion) => {
      const { page } = await openNewUser(width, { reducedMotion });
      const held = Promise.withResolvers<void>();
      await page.route(/\/v1\/models\/active$/, async (route) => {
        await held.promise;
        await route.continue();
      });
      await page.goto('/model');
      const bar = page.locator('.model .skeleton').first();
      await bar.waitFor();
      const seconds = await bar.evaluate((element) =>
        Number.parseFloat(getComputedStyle(element).animationDuration),
      );
      if (reducedMotion === 'reduce') expect(seconds).toBeLessThan(0.001);
      else expect(seconds).toBeGreaterThan(1);
      held.resolve();
      await page.getByText('Does it work in every period?').waitFor();
    },
  );
});

/** Whether the page is darker than its text. */
function isDark(page: import('playwright-core').Page): Promise<boolean> {
  return page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    const light = (text: string) =>
      (text.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    return light(backgroundColor) < light(color);
  });
}
