import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { defined } from '../../web/src/defined.ts';
import {
  expectAccessible,
  expectProfile,
  locateCall,
  PASSWORD,
  useBrowser,
  WIDTHS,
} from './browser-support.ts';

const { openNewUser, service } = useBrowser();

describe.each(WIDTHS)('session at %i pixels', (width) => {
  test('renews an expired access token without the user', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(401);
    let refused = 0;
    let renewed = 0;
    // The API refuses an invalid token in the same way as an expired one.
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
    await expectProfile(page, 'moderate');
    expect(refused).toBeGreaterThan(0);
    expect(renewed).toBe(1);
  });

  test('clears the view when the session has ended, and continues the pending request after a sign-in', async () => {
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
    // Nothing of the view is left behind the dialog, not even hidden.
    expect(await page.locator('main, nav, header').count()).toBe(0);
    expect(
      await page.locator('input').evaluateAll((inputs) => inputs.map((input) => input.getAttribute('name'))),
    ).toEqual(['email', 'password']);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
    await page.getByText('Password changed', { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings');
  });

  test('renews the session once when the tokens of two tabs expire together', async () => {
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
    const release = Promise.withResolvers<void>();
    const old = new Set<string>();
    await context.route('**/v1/**', async (route) => {
      const request = route.request();
      const headers = await request.allHeaders();
      if (request.url().endsWith('/v1/auth/refresh')) {
        sent.push(defined(headers.cookie, 'cookie of the refresh'));
        await release.promise;
        return route.continue();
      }
      // Each tab's first token is replaced by an invalid one.
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
    // One tab exchanges the token and the other waits for the lock.
    const locks = () =>
      page.evaluate(async () => {
        const { held = [], pending = [] } = await navigator.locks.query();
        return [held.length, pending.length];
      });
    await expect.poll(locks).toEqual([1, 1]);
    await expect.poll(() => sent.length).toBe(1);
    release.resolve();
    await expectProfile(page, 'moderate');
    await expectProfile(second, 'aggressive');
    expect(answered).toEqual([200, 200]);
    expect(new Set(sent).size).toBe(2);
    for (const tab of tabs) expect(await tab.getByRole('dialog').count()).toBe(0);
  });

  /** Ends all sessions of a user through the API, as from another device. */
  async function endSessions(email: string): Promise<void> {
    const post = async (path: string, token: string, body?: unknown) => {
      const response = await fetch(`${service().url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return response.status === 204 ? {} : ((await response.json()) as { accessToken?: string });
    };
    const { accessToken } = await post('/v1/auth/login', '', { email, password: PASSWORD });
    await post('/v1/auth/logout-everywhere', defined(accessToken, 'access token'));
  }
});
