import { beforeAll, describe, expect, test } from 'vitest';
import { browserTests, expectAccessible, WIDTHS } from './support.ts';
import { throughViews } from './views.ts';
import { register, violations } from './visitor.ts';

const { visit, returner, stranger, newcomer, world, consentAsAdmin } = browserTests();

beforeAll(() => consentAsAdmin());

const each = WIDTHS.flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => [scheme, width] as const),
);

describe.each(each)('in the %s, at %i pixels', (colorScheme, width) => {
  test('every view can be read by everybody', async () => {
    const { page, expectStatus } = await returner(world().admin, width, { colorScheme });
    expectStatus(404);
    const found: Record<string, string[]> = {};
    await throughViews(page, async ({ name }) => {
      const lines = await violations(page);
      if (lines.length > 0) found[name] = lines;
      expect(await isDark(page)).toBe(colorScheme === 'dark');
    });
    expect(found).toEqual({});
  });

  test('coming in can be read by everybody', async () => {
    const { page } = await visit(width, { colorScheme });
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Register' }).click();
    await page.getByRole('button', { name: 'Create the account' }).waitFor();
    await expectAccessible(page);
    await register(page, stranger(width));
    await expectAccessible(page);
    expect(await isDark(page)).toBe(colorScheme === 'dark');
  });
});

describe.each(WIDTHS)('the theme, at %i pixels', (width) => {
  test('is the system’s until one is chosen, stays chosen, and can be the system’s again', async () => {
    const { page } = await newcomer(width, { colorScheme: 'dark' });
    const choose = (name: string) => page.getByText(name, { exact: true }).click();
    await page.goto('/settings');
    await page.getByRole('radio', { name: 'As the system' }).waitFor();
    expect(await isDark(page)).toBe(true);
    await choose('Light');
    await expect.poll(() => isDark(page)).toBe(false);
    await page.reload();
    await page.getByRole('radio', { name: 'Light', checked: true }).waitFor();
    expect(await isDark(page)).toBe(false);
    await choose('As the system');
    await expect.poll(() => isDark(page)).toBe(true);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => isDark(page)).toBe(false);
    await page.reload();
    await page.getByRole('radio', { name: 'As the system', checked: true }).waitFor();
    expect(await isDark(page)).toBe(false);
  });

  test.each(['reduce', 'no-preference'] as const)('moves as the system says: %s', async (reducedMotion) => {
    const { page } = await newcomer(width, { reducedMotion });
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
    await page.getByText('Is it steady?').waitFor();
  });
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
