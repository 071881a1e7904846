import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  expectAccessible,
  expectFocus,
  expectProfile,
  PASSWORD,
  useBrowser,
  WIDTHS,
} from './browser-support.ts';

const { openNewUser, service } = useBrowser();

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
    await expectProfile(page, 'moderate');
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

  test('downloads the user’s data, and deletes the account, after it asks for the password', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(401, 403);
    await page.getByRole('link', { name: 'Settings' }).click();
    const password = page.getByRole('dialog', { name: 'Enter your password to continue' });
    await page.getByText('this session').waitFor();
    await service().expireConfirmations();
    const started = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download my data' }).click();
    await password.getByLabel('Password').fill('not the right password');
    await password.getByRole('button', { name: 'Continue' }).click();
    await password.getByText('This is not your password.').waitFor();
    expect(await password.getByLabel('Password').inputValue()).toBe('not the right password');
    await expectAccessible(page);
    await password.getByLabel('Password').fill(PASSWORD);
    await password.getByRole('button', { name: 'Continue' }).click();
    const text = await readFile(await (await started).path(), 'utf8');
    expect(JSON.parse(text).user.email).toBe(login.email);
    await password.waitFor({ state: 'detached' });
    await expectFocus(page.getByRole('button', { name: 'Download my data' }));

    await service().expireConfirmations();
    await page.getByRole('button', { name: 'Delete my account…' }).click();
    const dialog = page.getByRole('alertdialog');
    const remove = dialog.getByRole('button', { name: 'Delete my account' });
    await remove.click();
    await password.waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await password.waitFor({ state: 'detached' });
    await expectFocus(remove);
    expect(await dialog.getByRole('alert').count()).toBe(0);
    await remove.click();
    await password.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
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
