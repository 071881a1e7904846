import { describe, expect, test } from 'vitest';
import { expectAccessible, useBrowser, WIDTHS } from './browser-support.ts';
import { signIn } from './page-support.ts';

const { openNewUser, openAdmin, openPage } = useBrowser();

describe.each(WIDTHS)('security events of all accounts at %i pixels', (width) => {
  test('filters events by type, user and day, and a link shares the filters', async () => {
    const { login, page: theirs } = await openNewUser(width);
    await theirs.close();
    const refused = await openPage(width);
    refused.expectStatus(401);
    await refused.page.goto('/sign-in');
    await signIn(refused.page, { ...login, password: 'not the right password' });
    await refused.page.getByText('Wrong e-mail or password').waitFor();

    const { page } = await openAdmin(width, '/admin/users');
    await page.getByRole('link', { name: `Security events of ${login.email}` }).click();
    const rows = page.getByRole('region', { name: 'Security events' }).locator('tbody tr');
    await page.getByText(`Only events of ${login.email}`).waitFor();
    await expect.poll(() => rows.count()).toBeGreaterThan(2);
    for (const text of await rows.allTextContents()) expect(text).toContain(login.email);
    await expectAccessible(page);

    await page.getByRole('button', { name: /Event/ }).click();
    await page.getByRole('option', { name: 'Sign-in refused: wrong password or code' }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByText('Chrome on Linux, 127.0.0.1').waitFor();
    await rows.getByText('reason: wrong-credentials').waitFor();
    expect(new URL(page.url()).searchParams.get('type')).toBe('login-refused');
    const shared = page.url();

    const today = new Date().toISOString().slice(0, 10);
    await page.getByLabel('First day').fill(today);
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe(today);
    await expect.poll(() => rows.count()).toBe(1);
    // A last day before the first day replaces it.
    await page.getByLabel('Last day').fill('2020-01-01');
    await page.getByText('No events match these filters.').waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toBe(null);
    expect(await page.getByLabel('First day').inputValue()).toBe('');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => rows.count()).toBeGreaterThan(3);
    expect(new URL(page.url()).search).toBe('');
    expect(await page.getByLabel('Last day').inputValue()).toBe('');

    await page.goto(shared);
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole('link', { name: 'Show all users' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?type=login-refused');
    await rows.getByRole('link', { name: login.email }).first().click();
    await expect.poll(() => rows.count()).toBe(1);
  });

  test('reports invalid filters of a link, and loads earlier events on demand', async () => {
    const { page } = await openAdmin(
      width,
      '/admin/security?type=login&from=2026-02-30&userId=me&colour=red',
    );
    await page.getByText('Some filters in this link are invalid').waitFor();
    await page.getByText('from must be a day such as 2026-03-02, not “2026-02-30”.').waitFor();
    await page.getByText('userId must be the id of a user, not “me”.').waitFor();
    await page.getByText('“colour” is not a filter of this list.').waitFor();
    await expectAccessible(page);
    await page.route(/\/v1\/admin\/security-events\?/, (route) =>
      route.continue({ url: route.request().url().replace('limit=20', 'limit=1') }),
    );
    await page.getByRole('button', { name: 'Remove them from the link' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?type=login');
    await page.reload();
    const rows = page.getByRole('region', { name: 'Security events' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows.count()).toBe(2);
  });
});
