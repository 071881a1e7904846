import { describe, expect, test } from 'vitest';
import {
  expectAccessible,
  expectFocus,
  expectProfile,
  locateCall,
  PASSWORD,
  useBrowser,
  WIDTHS,
} from './browser-support.ts';
import { signIn } from './page-support.ts';

const { openNewUser, openSignedIn, openPage } = useBrowser();

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe.each(WIDTHS)('account at %i pixels', (width) => {
  test('lists other sessions and ends one, which then has to sign in again', async () => {
    const { page, login } = await openNewUser(width);
    const other = await openSignedIn(login, width, { userAgent: FIREFOX });
    await other.page.goto('/recommendations');
    await locateCall(other.page, 'AAPL').waitFor();
    await page.goto('/settings');
    const rows = page.locator('#sessions .rows > li');
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.filter({ hasText: 'this session' }).getByRole('button').count()).toBe(0);
    await expectAccessible(page);
    await rows.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByText('this session').waitFor();
    other.expectStatus(401);
    await other.page.getByText('Moderate').click();
    const dialog = other.page.getByRole('dialog');
    await dialog.getByText('Your session has ended').waitFor();
    await expectAccessible(other.page);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
    await expectProfile(other.page, 'moderate');
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.page.getByText('Aggressive').click();
    await dialog.getByText('Your session has ended').waitFor();
  });

  test('changes the password only if the current one is right', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(400, 401);
    const other = await openSignedIn(login, width);
    await page.goto('/settings');
    const [current, next] = [page.getByLabel('Current password'), page.getByLabel('New password')];
    const send = () => page.getByRole('button', { name: 'Change password' }).click();
    await current.fill('not the current password');
    await next.fill('a brand new long password');
    await send();
    await page.getByText('This is not your current password.').waitFor();
    expect(await current.inputValue()).toBe('not the current password');
    expect(await next.inputValue()).toBe('a brand new long password');
    await expectAccessible(page);
    await current.fill(PASSWORD);
    await next.fill('aaaaaaaaaaaaaaaa');
    await send();
    await page.getByText('Must have at least 5 different characters.').waitFor();
    expect(await current.inputValue()).toBe(PASSWORD);
    await next.fill('boursomatic123');
    await send();
    await page.getByText(/^This is easy to guess, because .+ a word of this service /).waitFor();
    await expectFocus(next);
    await next.fill('a brand new long password');
    await send();
    await page.getByText('Your password has been changed').waitFor();
    expect([await current.inputValue(), await next.inputValue()]).toEqual(['', '']);
    await page.reload();
    await page.getByText('this session').waitFor();

    // The change signed out the other session, and only the new password works.
    other.expectStatus(401);
    await other.page.goto('/recommendations');
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const { page: again, expectStatus: expectAgain } = await openPage(width);
    expectAgain(401);
    await again.goto('/sign-in');
    await signIn(again, login);
    await again.getByText('Wrong e-mail or password').waitFor();
    await signIn(again, { ...login, password: 'a brand new long password' });
    await locateCall(again, 'AAPL').waitFor();
  });

  test('shows the history of consents', async () => {
    const { page } = await openNewUser(width);
    await page.goto('/settings');
    const rows = page.locator('#consent tbody tr');
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByText('Not withdrawn').waitFor();
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click();
    await rows.getByText('Not withdrawn').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Read the notice' }).click();
    await page.getByText('I have read and understood this notice.').click();
    await page.getByRole('button', { name: 'Accept and see' }).click();
    await locateCall(page, 'AAPL').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.getByText('Not withdrawn').count()).toBe(1);
    const year = String(new Date().getFullYear());
    for (const row of await rows.allTextContents()) expect(row).toContain(year);
    await expectAccessible(page);
  });
});
