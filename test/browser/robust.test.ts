import { describe, expect, test } from 'vitest';
import { locateCall, useBrowser, WIDTHS } from './browser-support.ts';
import { measureDrawing } from './page-support.ts';

const { openNewUser } = useBrowser();

describe.each(WIDTHS)('page at %i pixels', (width) => {
  test('draws a thin line up to the thumb of the confidence slider', async () => {
    const { page } = await openNewUser(width);
    if (width < 600) await page.locator('.disclosure-button').click();
    await page.getByRole('slider').focus();
    for (let steps = 0; steps < 5; steps++) await page.keyboard.press('ArrowRight');
    const box = await page.locator('.slider-fill').boundingBox();
    expect(box?.width).toBeGreaterThan(20);
    expect(box?.height).toBe(4);
  });

  test('hides the calls in every tab when one tab signs out', async () => {
    const { page } = await openNewUser(width);
    const other = await page.context().newPage();
    await other.goto('/recommendations');
    await locateCall(other, 'AAPL').waitFor();
    await page.getByRole('button', { name: /Account|@/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    for (const tab of [page, other]) await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await other.getByText('AAPL').count()).toBe(0);
  });

  test('says that the device is offline, and loads the view when it is back', async () => {
    const { page, setOffline } = await openNewUser(width);
    await setOffline(true);
    await page.getByRole('link', { name: 'Track record', exact: true }).first().click();
    await page.getByRole('heading', { name: 'You are offline' }).waitFor();
    await setOffline(false);
    await page.getByRole('heading', { level: 1, name: 'Track record' }).waitFor();
  });

  test('shows the chart and selections with forced colours', async () => {
    const { page } = await openNewUser(width, { forcedColors: 'active' });
    const background = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await background('.segment[data-selected]')).not.toBe(
      await background('.segment:not([data-selected])'),
    );
    expect(await background('.nav-link.active')).not.toBe(await background('.nav-link:not(.active)'));
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.locator('[data-testid=chart] canvas').first().waitFor();
    await expect
      .poll(async () => (await measureDrawing(page, '[data-testid=chart]')).colours)
      .toBeGreaterThan(20);
  });
});
