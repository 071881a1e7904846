import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, useBrowser, WIDTHS } from './browser-support.ts';

const { openAdmin, service } = useBrowser();

/** The version of the bundled release. */
const BUNDLED = 'v1.0.0';

const REASON = 'the incumbent’s folds are gone';

beforeAll(async () => {
  // The sample has no bars of the release's predictions, so the gate refuses it.
  await service().registerModel('v0.5.0');
});

afterEach(() =>
  service().request('POST', `/v1/admin/models/${BUNDLED}/promote`, { force: 'restore the active model' }),
);

describe.each(WIDTHS)('model administration at %i pixels', (width) => {
  const rowOf = (page: Page, version: string) => page.locator('.rows > li').filter({ hasText: version });
  const active = (page: Page) =>
    page
      .locator('.rows > li')
      .filter({ has: page.locator('.tag') })
      .locator('.strong');

  async function rollBack(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Roll back…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  }

  test('promotes a model that the gate refuses with a reason, which it keeps while requests fail, and rolls back', async () => {
    const { page, expectStatus, consoleErrors } = await openAdmin(width, '/admin/models');
    expectStatus(409);
    await rowOf(page, 'v0.5.0').getByRole('button', { name: 'Promote…' }).click();
    const dialog = page.getByRole('alertdialog');
    const promote = dialog.getByRole('button', { name: 'Promote' });
    expect(await dialog.getByLabel('Reason to promote it anyway').count()).toBe(0);
    await promote.click();
    await dialog.getByRole('alert').getByText('fails the gate').waitFor();
    await expect.poll(() => active(page).allTextContents()).toEqual([`${BUNDLED}active`]);
    await dialog.getByLabel('Reason to promote it anyway').fill(REASON);
    await expectAccessible(page);
    await page.route(/\/promote$/, (route) => route.abort());
    await promote.click();
    await dialog.getByText('The service cannot be reached').waitFor();
    expect(await dialog.getByLabel('Reason to promote it anyway').inputValue()).toBe(REASON);
    await page.unroute(/\/promote$/);
    await promote.click();
    await page.getByText(`v0.5.0 is now active and replaces ${BUNDLED}.`).waitFor();
    await page.locator('footer').getByText('model v0.5.0').waitFor();
    await page.goto('/model');
    await page.getByText(`It was activated anyway. Reason: ${REASON}`).waitFor();
    await page.goto('/admin/models');
    await rollBack(page);
    await expect.poll(() => active(page).allTextContents()).toEqual([`${BUNDLED}active`]);
    expect(consoleErrors.splice(0).filter((line) => !line.includes('net::ERR_FAILED'))).toEqual([]);
  });
});
