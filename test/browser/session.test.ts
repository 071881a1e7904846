import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { expectAccessible, locateCall, PASSWORD, useBrowser, WIDTHS } from './browser-support.ts';

const { openNewUser, service } = useBrowser();

describe.each(WIDTHS)('a session, at %i pixels', (width) => {
  test('goes on by itself when the access token has expired', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(401);
    let refused = 0;
    let renewed = 0;
    // A token that the service does not take stands for one that is too old: the answer is the same.
    await page.route('**/v1/**', async (route) => {
      const headers = await route.request().allHeaders();
      if (route.request().url().endsWith('/v1/auth/refresh')) renewed++;
      else if (renewed === 0 && headers.authorization) {
        refused++;
        return route.continue({ headers: { ...headers, authorization: 'Bearer expired' } });
      }
      return route.continue();
    });
    await page.getByText('Moderate').click();
    await expect.poll(() => locateCall(page, 'AAPL').textContent()).toBe('BUY');
    expect(refused).toBeGreaterThan(0);
    expect(renewed).toBe(1);
  });

  test('that has ended request for the password, keeps what was typed, and goes on where one was', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(401);
    await page.goto('/settings');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password').fill('a brand new long password');
    await endSessions(login.email);
    await page.getByRole('button', { name: 'Change password' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Your session has ended').waitFor();
    await expectAccessible(page);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
    await page.getByText('Your password has been changed').waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings');
  });

  test('goes on in two tabs when both find their token expired at once, and none is signed out', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(401);
    const context = page.context();
    const second = await context.newPage();
    await second.goto('/recommendations');
    await locateCall(second, 'AAPL').waitFor();
    const tabs = [page, second];
    const refused = new Set<Page>();
    const sent: string[] = [];
    const answered: number[] = [];
    const bothRefused = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const old = new Set<string>();
    await context.route('**/v1/**', async (route) => {
      const request = route.request();
      const headers = await request.allHeaders();
      if (request.url().endsWith('/v1/auth/refresh')) {
        sent.push(headers.cookie ?? '');
        await goOn.promise;
        return route.continue();
      }
      // The first token of each tab counts no longer.
      const tab = request.frame().page();
      const token = headers.authorization ?? '';
      if (answered.length === 0) old.add(token);
      if (!old.has(token)) return route.continue();
      refused.add(tab);
      if (refused.size === tabs.length) bothRefused.resolve();
      return route.continue({ headers: { ...headers, authorization: 'Bearer expired' } });
    });
    context.on('response', (response) => {
      if (response.url().endsWith('/v1/auth/refresh')) answered.push(response.status());
    });
    await Promise.all([page.getByText('Moderate').click(), second.getByText('Aggressive').click()]);
    await bothRefused.promise;
    // One exchanges the token, and the other waits for it.
    const locks = () =>
      page.evaluate(async () => {
        const { held = [], pending = [] } = await navigator.locks.query();
        return [held.length, pending.length];
      });
    await expect.poll(locks).toEqual([1, 1]);
    expect(sent.length).toBe(1);
    goOn.resolve();
    await expect.poll(() => locateCall(page, 'AAPL').textContent()).toBe('BUY');
    await expect.poll(() => locateCall(second, 'MSFT').textContent()).toBe('SELL');
    expect(answered).toEqual([200, 200]);
    expect(new Set(sent).size).toBe(2);
    for (const tab of tabs) expect(await tab.getByRole('dialog').count()).toBe(0);
  });

  /** From elsewhere, as a stolen laptop's owner would. */
  async function endSessions(email: string): Promise<void> {
    const post = async (path: string, token: string, body?: unknown) => {
      const response = await fetch(`${service().url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return response.status === 204 ? {} : ((await response.json()) as { accessToken?: string });
    };
    const { accessToken = '' } = await post('/v1/auth/login', '', { email, password: PASSWORD });
    await post('/v1/auth/logout-everywhere', accessToken);
  }
});
