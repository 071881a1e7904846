import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { expectAccessible, locateCall, PASSWORD, useBrowser, WIDTHS } from './browser-support.ts';

const { openNewUser } = useBrowser();

describe.each(WIDTHS)('settings at %i pixels', (width) => {
  test('changes the profile of the list, and the theme', async () => {
    const { page } = await openNewUser(width);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('The stop leaves room for ordinary ups and downs').click();
    await page.getByText('Saved.').waitFor();
    await page.getByText('Dark', { exact: true }).click();
    await expectAccessible(page);
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.reload();
    await page.getByText('this session').waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark);
    await page.getByRole('link', { name: 'Recommendations', exact: true }).click();
    await expect.poll(() => locateCall(page, 'AAPL').textContent()).toBe('BUY');
    await expectAccessible(page);
  });

  test('withdraws the consent, which hides all recommendations', async () => {
    const { page } = await openNewUser(width);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await expectAccessible(page);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('You have not accepted the current risk notice').waitFor();
    await page.getByRole('link', { name: 'Recommendations', exact: true }).click();
    await page.getByText('Before you see recommendations').waitFor();
    expect(await page.getByText('AAPL').count()).toBe(0);
  });

  test('downloads the user’s data, and deletes the account with the password', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(400, 401, 403);
    await page.getByRole('link', { name: 'Settings' }).click();
    const started = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download my data' }).click();
    const text = await readFile(await (await started).path(), 'utf8');
    expect(JSON.parse(text).user.email).toBe(login.email);
    await page.getByRole('button', { name: 'Delete my account…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('Password').fill('not the right password');
    await dialog.getByRole('button', { name: 'Delete my account' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Password').inputValue()).toBe('not the right password');
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('shows the model page with its charts', async () => {
    const { page } = await openNewUser(width);
    await page.getByRole('link', { name: 'Model', exact: true }).click();
    await page.getByText('Is it better than simple rules?').waitFor();
    expect(await page.locator('.reliability-dot').count()).toBe(30);
    await expectAccessible(page);
  });
});
