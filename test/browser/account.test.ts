import { describe, expect, test } from 'vitest';
import { browserTests, callOf, expectAccessible, PASSWORD, WIDTHS } from './support.ts';
import { signIn } from './visitor.ts';

const { newcomer, returner, visit } = browserTests();

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe.each(WIDTHS)('an account, at %i pixels', (width) => {
  test('sees its other sessions and ends one, which is asked to sign in', async () => {
    const { page, login } = await newcomer(width);
    const other = await returner(login, width, { userAgent: FIREFOX });
    await other.page.goto('/recommendations');
    await callOf(other.page, 'AAPL').waitFor();
    await page.goto('/settings');
    const rows = page.locator('#sessions .rows > li');
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.filter({ hasText: 'this one' }).getByRole('button').count()).toBe(0);
    await expectAccessible(page);
    await rows.getByRole('button', { name: 'Sign out there' }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByText('this one').waitFor();
    other.expectStatus(401);
    await other.page.getByText('Moderate').click();
    const dialog = other.page.getByRole('dialog');
    await dialog.getByText('Your session has ended').waitFor();
    await expectAccessible(other.page);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in and go on' }).click();
    await expect.poll(() => callOf(other.page, 'AAPL').textContent()).toBe('BUY');
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.page.getByText('Aggressive').click();
    await dialog.getByText('Your session has ended').waitFor();
  });

  test('changes its password, once the current one is right', async () => {
    const { page, login, expectStatus } = await newcomer(width);
    expectStatus(400, 401);
    const other = await returner(login, width);
    await page.goto('/settings');
    const [current, wanted] = [page.getByLabel('Current password'), page.getByLabel('New password')];
    const send = () => page.getByRole('button', { name: 'Change the password' }).click();
    await current.fill('not the current password');
    await wanted.fill('a brand new long password');
    await send();
    await page.getByText('This is not your current password.').waitFor();
    expect(await current.inputValue()).toBe('not the current password');
    expect(await wanted.inputValue()).toBe('a brand new long password');
    await expectAccessible(page);
    await current.fill(PASSWORD);
    await wanted.fill('aaaaaaaaaaaaaaaa');
    await send();
    await page.getByText('Must have at least 5 different characters.').waitFor();
    expect(await current.inputValue()).toBe(PASSWORD);
    await wanted.fill('a brand new long password');
    await send();
    await page.getByText('Your password is changed').waitFor();
    expect([await current.inputValue(), await wanted.inputValue()]).toEqual(['', '']);
    await page.reload();
    await page.getByText('this one').waitFor();

    // What had signed in elsewhere with the old one is signed out, and only the new one lets in.
    other.expectStatus(401);
    await other.page.goto('/recommendations');
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const { page: again, expectStatus: expectAgain } = await visit(width);
    expectAgain(401);
    await again.goto('/sign-in');
    await signIn(again, login);
    await again.getByText('E-mail or password is wrong').waitFor();
    await signIn(again, { ...login, password: 'a brand new long password' });
    await callOf(again, 'AAPL').waitFor();
  });

  test('keeps the history of its consents', async () => {
    const { page } = await newcomer(width);
    await page.goto('/settings');
    const rows = page.locator('#consent tbody tr');
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByText('stands').waitFor();
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click();
    await rows.getByText('stands').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Read it' }).click();
    await page.getByText('I have read this and understood it.').click();
    await page.getByRole('button', { name: 'Accept and see' }).click();
    await callOf(page, 'AAPL').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.getByText('stands').count()).toBe(1);
    const year = String(new Date().getFullYear());
    for (const row of await rows.allTextContents()) expect(row).toContain(year);
    await expectAccessible(page);
  });
});
