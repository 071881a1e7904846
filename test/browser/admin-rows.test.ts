import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectAccessible, locateCall, useBrowser, WIDTHS } from './browser-support.ts';
import { signIn } from './page-support.ts';

const { openNewUser, openAdmin, openPage } = useBrowser();

describe.each(WIDTHS)('administration of rows at %i pixels', (width) => {
  const rowOf = (page: Page, text: string) => page.locator('.rows > li').filter({ hasText: text });
  const rows = (page: Page) => page.locator('.rows > li');
  const choose = (page: Page, name: string) => page.getByText(name, { exact: true }).click();

  async function signInAgain(page: Page, password: string): Promise<void> {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password').fill(password);
    await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Presses a row's button and confirms it in the dialog. */
  async function confirm(page: Page, text: string, name: string): Promise<void> {
    await rowOf(page, text).getByRole('button', { name }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  test('edits an instrument, and keeps the input when the API refuses it', async () => {
    const { page, expectStatus } = await openAdmin(width, '/admin/instruments');
    expectStatus(409);
    await rowOf(page, 'IBM').getByRole('button', { name: 'Edit…' }).click();
    const dialog = page.getByRole('alertdialog');
    const { symbol, sector } = { symbol: dialog.getByLabel('Symbol'), sector: dialog.getByLabel('Sector') };
    expect(await symbol.inputValue()).toBe('IBM');
    await sector.fill(`Mainframes ${width}`);
    await symbol.fill('msft');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Conflict').waitFor();
    expect(await symbol.inputValue()).toBe('msft');
    expect(await sector.inputValue()).toBe(`Mainframes ${width}`);
    await expectAccessible(page);
    await symbol.fill('ibm');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await rowOf(page, 'IBM').getByText(`Mainframes ${width}`).waitFor();
    await expectAccessible(page);
  });

  test('deactivates an instrument, lists it as inactive, and reactivates it', async () => {
    const { page } = await openAdmin(width, '/admin/instruments');
    await confirm(page, 'MSFT', 'Deactivate');
    await rowOf(page, 'MSFT').waitFor({ state: 'detached' });
    const reader = await openNewUser(width);
    await locateCall(reader.page, 'AAPL').waitFor();
    expect(await locateCall(reader.page, 'MSFT').count()).toBe(0);
    await choose(page, 'Inactive');
    await rowOf(page, 'MSFT').getByText('inactive', { exact: true }).waitFor();
    await expectAccessible(page);
    await confirm(page, 'MSFT', 'Reactivate');
    await page.getByText('No instruments match these filters.').waitFor();
    await choose(page, 'Active');
    await rowOf(page, 'MSFT').waitFor();
  });

  test('grants and removes admin rights, and signs out, deletes and restores a user', async () => {
    const { page: theirs, login, expectStatus } = await openNewUser(width);
    const { page } = await openAdmin(width, '/admin/users');
    await rowOf(page, 'This is you').waitFor();
    expect(await rowOf(page, 'This is you').getByRole('button').count()).toBe(0);
    await page.getByRole('searchbox').fill(login.email);
    await expect.poll(() => rows(page).count()).toBe(1);
    await confirm(page, login.email, 'Make administrator');
    await rowOf(page, login.email).getByText('administrator', { exact: true }).waitFor();
    await theirs.goto('/admin/users');
    await rowOf(theirs, 'This is you').waitFor();
    await confirm(page, login.email, 'Remove admin rights');
    await rowOf(page, login.email).getByRole('button', { name: 'Make administrator' }).waitFor();
    await theirs.goto('/admin/users');
    await theirs.getByText('Only administrators can see this page').waitFor();

    expectStatus(401);
    await confirm(page, login.email, 'Sign out everywhere');
    await theirs.getByRole('link', { name: 'Settings', exact: true }).click();
    await theirs.getByText('Your session has ended').waitFor();
    await signInAgain(theirs, login.password);
    await theirs.getByRole('heading', { name: 'Settings' }).waitFor();

    await confirm(page, login.email, 'Delete');
    await page.getByText('No users match these filters.').waitFor();
    await theirs.getByRole('link', { name: 'Model', exact: true }).click();
    await theirs.getByText('Your session has ended').waitFor();
    await choose(page, 'Deleted');
    await rowOf(page, login.email).getByText('deleted', { exact: true }).waitFor();
    await expectAccessible(page);
    await confirm(page, login.email, 'Restore');
    await page.getByText('No users match these filters.').waitFor();
    await choose(page, 'Active');
    await rowOf(page, login.email).waitFor();
    const { page: again } = await openPage(width);
    await again.goto('/sign-in');
    await signIn(again, login);
    await locateCall(again, 'AAPL').waitFor();
  });

  test('filters failures by reason', async () => {
    const { page } = await openAdmin(width, '/admin/runs');
    await page.locator('tbody a').last().click();
    await page.getByText('196 bars, 253 needed').waitFor();
    await page.getByRole('button', { name: /Reason/ }).click();
    const request = page.waitForRequest(/\/failures\?reason=insufficient_history/);
    await page.getByRole('option', { name: 'insufficient history in infer (1)' }).click();
    await request;
    await page.getByText('196 bars, 253 needed').waitFor();
    await expectAccessible(page);
  });
});
