import { describe, expect, test } from 'vitest';
import {
  expectAccessible,
  expectFocus,
  locateCall,
  PASSWORD,
  useBrowser,
  WIDTHS,
} from './browser-support.ts';

const { openNewUser, openSignedIn, openAdmin, service } = useBrowser();

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe.each(WIDTHS)('security notices at %i pixels', (width) => {
  test('shows a sign-in from another browser until the user dismisses the notice', async () => {
    const { page, login } = await openNewUser(width);
    const notices = page.getByRole('complementary', { name: 'Security notices' });
    expect(await notices.count()).toBe(0);
    const other = await openSignedIn(login, width, { userAgent: FIREFOX });
    await page.reload();
    await notices
      .getByText(/^New sign-in from Firefox on Linux, 127\.0\.0\.1, \d+ \w{3}, \d\d:\d\d\.$/)
      .waitFor();
    await expectAccessible(page);
    await notices.getByRole('link', { name: 'Change your password' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await expect
      .poll(() =>
        page.locator('#password').evaluate((panel) => panel.getBoundingClientRect().top < innerHeight),
      )
      .toBe(true);
    expect(new URL(page.url()).hash).toBe('#password');
    await notices.getByRole('button', { name: 'Dismiss' }).click();
    await notices.waitFor({ state: 'detached' });
    await expectFocus(page.locator('main'));
    await page.reload();
    await page.getByText('this session').waitFor();
    expect(await notices.count()).toBe(0);

    // The session that caused a notice does not show it.
    await other.page.goto('/recommendations');
    await locateCall(other.page, 'AAPL').waitFor();
    expect(await other.page.getByRole('complementary', { name: 'Security notices' }).count()).toBe(0);
  });

  test('keeps the notices and explains why, if they cannot be dismissed', async () => {
    const { page, login, consoleErrors } = await openNewUser(width);
    await openSignedIn(login, width, { userAgent: FIREFOX });
    await page.reload();
    await page.route('**/v1/me/notices/seen', (route) => route.abort());
    const notices = page.getByRole('complementary', { name: 'Security notices' });
    await notices.getByRole('button', { name: 'Dismiss' }).click();
    await notices.getByText('The service cannot be reached').waitFor();
    await notices.getByText('New sign-in from Firefox on Linux').waitFor();
    await expectAccessible(page);
    await page.unroute('**/v1/me/notices/seen');
    await notices.getByRole('button', { name: 'Dismiss' }).click();
    await notices.waitFor({ state: 'detached' });
    expect(consoleErrors.splice(0).filter((line) => !line.includes('net::ERR_FAILED'))).toEqual([]);
  });

  test('lists what happened in the account, and what an administrator did', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    const admin = await openAdmin(width, '/admin/users');
    admin.expectStatus(403);
    await admin.page.getByRole('searchbox').fill(login.email);
    const row = admin.page.locator('.rows > li').filter({ hasText: login.email });
    const password = admin.page.getByRole('dialog', { name: 'Enter your password to continue' });
    await expect.poll(() => admin.page.locator('.rows > li').count()).toBe(1);
    await service().expireConfirmations();
    await row.getByRole('button', { name: 'Make administrator' }).click();
    await admin.page.getByRole('alertdialog').getByRole('button', { name: 'Make administrator' }).click();
    await password.getByLabel('Password').fill(service().admin.password);
    await expectAccessible(admin.page);
    await admin.page.keyboard.press('Enter');
    await row.getByText('administrator', { exact: true }).waitFor();

    expectStatus(403);
    await page.goto('/settings');
    const activity = page.getByRole('list', { name: 'Recent activity' }).locator('li');
    await activity
      .filter({ hasText: 'Account created' })
      .getByText(/, from .+, 127\.0\.0\.1$/)
      .waitFor();
    await activity.filter({ hasText: 'Admin rights given' }).getByText('by an administrator').waitFor();
    await page
      .getByRole('complementary', { name: 'Security notices' })
      .getByText(/^Admin rights given by an administrator, /)
      .waitFor();
    const before = await activity.count();
    await service().expireConfirmations();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('dialog', { name: 'Enter your password' }).getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(before).toBeGreaterThan(2);
  });

  test('loads earlier events on demand', async () => {
    const { page } = await openNewUser(width);
    await page.route(/\/v1\/me\/security-events\?/, (route) =>
      route.continue({ url: route.request().url().replace('limit=10', 'limit=1') }),
    );
    await page.goto('/settings');
    const activity = page.getByRole('list', { name: 'Recent activity' }).locator('li');
    await activity.first().waitFor();
    expect(await activity.count()).toBe(1);
    await page.locator('#security').getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => activity.count()).toBe(2);
    const texts = await activity.allTextContents();
    expect(new Set(texts).size).toBe(2);
  });
});
