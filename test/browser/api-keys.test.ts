import { describe, expect, test } from 'vitest';
import { expectAccessible, expectFocus, PASSWORD, useBrowser, WIDTHS } from './browser-support.ts';

const { openNewUser, service } = useBrowser();

describe.each(WIDTHS)('API keys at %i pixels', (width) => {
  test('are made after the password was entered, shown once, and revoked', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(401, 403);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/settings#api-keys');
    const section = page.locator('#api-keys');
    await section.getByText('You have no API keys.').waitFor();
    await expectAccessible(page);
    await service().expireConfirmations();

    await section.getByRole('button', { name: 'Make an API key…' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Make an API key' });
    await dialog.getByRole('button', { name: 'Make key' }).click();
    await expectFocus(dialog.getByLabel('Name'));
    await dialog.getByLabel('Name').fill('  Nightly export  ');
    await dialog.getByRole('button', { name: /Expires after/ }).click();
    await page.getByRole('option', { name: '30 days' }).click();
    await dialog.getByText('The key may change my watchlist').click();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Make key' }).click();
    const password = page.getByRole('dialog', { name: 'Enter your password to continue' });
    await password.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');

    await expectFocus(section.getByRole('heading', { name: 'Save your new API key' }));
    await expectAccessible(page);
    const key = (await section.locator('.secret code').first().textContent()) ?? '';
    expect(key).toMatch(/^bmk_[0-9A-Za-z]{49}$/);
    await section.getByRole('button', { name: 'Copy the key' }).click();
    await section.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const read = () =>
      fetch(`${service().url}/v1/recommendations`, { headers: { authorization: `Bearer ${key}` } });
    expect((await read()).status).toBe(200);
    await section.getByRole('button', { name: 'I have saved it' }).click();
    expect(await page.content()).not.toContain(key);

    await page.reload();
    const row = section.getByRole('listitem').filter({ hasText: 'Nightly export' });
    await row.getByText(/last used .*, may change your watchlist/).waitFor();
    expect(await row.getByText(`bmk_…${key.slice(-4)}`).count()).toBe(1);
    expect(await page.content()).not.toContain(key);
    await page.getByText('API key made').waitFor();
    await row.getByRole('button', { name: /^Revoke the key Nightly export ending in/ }).click();
    await expectAccessible(page);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await section.getByText('You have no API keys.').waitFor();
    await page.getByText('API key revoked').waitFor();
    expect((await read()).status).toBe(401);
  });

  test('with long names and an expired one fit the page', async () => {
    const { page, login } = await openNewUser(width);
    await service().asOwner(async (sql) => {
      await sql`
        INSERT INTO api_keys (user_id, name, key_hash, ending, created_at, expires_at)
        SELECT id, repeat('W', 60), sha256(email::bytea), 'aB3d', now() - interval '9 days', now() - interval '2 days'
        FROM users WHERE email = ${login.email}`;
    });
    await page.goto('/settings');
    const section = page.locator('#api-keys');
    await section.getByText('expired', { exact: true }).waitFor();
    await section.getByText(/never used/).waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
