import { describe, expect, test } from 'vitest';
import { browserTests, callOf, expectAccessible, PASSWORD, WIDTHS } from './support.ts';

const { newcomer, world } = browserTests();

describe.each(WIDTHS)('a session, at %i pixels', (width) => {
  test('goes on by itself when the access token has expired', async () => {
    const { page, expectStatus } = await newcomer(width);
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
    await expect.poll(() => callOf(page, 'AAPL').textContent()).toBe('BUY');
    expect(refused).toBeGreaterThan(0);
    expect(renewed).toBe(1);
  });

  test('that has ended asks for the password, keeps what was typed, and goes on where one was', async () => {
    const { page, login, expectStatus } = await newcomer(width);
    expectStatus(401);
    await page.goto('/settings');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password').fill('a brand new long password');
    await endSessions(login.email);
    await page.getByRole('button', { name: 'Change the password' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Your session has ended').waitFor();
    await expectAccessible(page);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in and go on' }).click();
    await page.getByText('Your password is changed').waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings');
  });

  /** From elsewhere, as a stolen laptop's owner would. */
  async function endSessions(email: string): Promise<void> {
    const post = async (path: string, token: string, body?: unknown) => {
      const response = await fetch(`${world().url}${path}`, {
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
