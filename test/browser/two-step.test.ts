import { readFile } from 'node:fs/promises';
import { type TOTP, URI } from 'otpauth';
import type { Page } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import { describe, expect, test } from 'vitest';
import { defined } from '../../web/src/defined.ts';
import {
  expectAccessible,
  expectFocus,
  locateCall,
  PASSWORD,
  useBrowser,
  WIDTHS,
} from './browser-support.ts';
import { signIn } from './page-support.ts';

const { openNewUser, openPage, service } = useBrowser();

const STEP_MS = 30_000;

describe.each(WIDTHS)('two-step sign-in at %i pixels', (width) => {
  test('is turned on with a QR code or a key, and shows recovery codes once', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(401, 403);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/settings');
    await page.getByText('Account created').waitFor();
    await service().expireConfirmations();

    // The API requires the password. Cancelling changes nothing and returns the focus.
    const turnOn = page.getByRole('button', { name: 'Turn on two-step sign-in' });
    const dialog = page.getByRole('dialog', { name: 'Enter your password to continue' });
    await turnOn.click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.locator('.qr-code').count()).toBe(0);
    await expectFocus(turnOn);
    await turnOn.click();
    await dialog.getByLabel('Password').fill('not the right password');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('This is not your password.').waitFor();
    await expectFocus(dialog.getByLabel('Password'));
    await expectAccessible(page);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');

    await expectFocus(page.getByRole('heading', { name: 'Set up two-step sign-in' }));
    await expectAccessible(page);
    const totp = URI.parse(await readQrCode(page)) as TOTP;
    const key = await page.locator('.secret code').textContent();
    expect(totp.label).toBe(login.email);
    expect(key?.replaceAll(' ', '')).toBe(totp.secret.base32);
    const digits = page.getByLabel('Enter the six digits that the app shows');
    await digits.fill(wrongCode(totp));
    await page.getByRole('button', { name: 'Turn on', exact: true }).click();
    await page.getByText('This code is wrong or expired.').waitFor();
    await expectFocus(digits);
    await expectAccessible(page);
    await digits.fill(totp.generate());
    await page.keyboard.press('Enter');

    await expectFocus(page.getByRole('heading', { name: 'Save your recovery codes' }));
    await expectAccessible(page);
    const codes = await page.getByRole('list', { name: 'Recovery codes' }).locator('li').allTextContents();
    expect(new Set(codes).size).toBe(10);
    const started = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    expect(await readFile(await (await started).path(), 'utf8')).toBe(`${codes.join('\n')}\n`);
    await page.getByRole('button', { name: 'Copy the codes' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${codes.join('\n')}\n`);
    await page.getByRole('button', { name: 'I have saved them' }).click();
    await page.getByText('You have 10 of 10 recovery codes left').waitFor();
    await page.getByText('Two-step sign-in turned on', { exact: true }).waitFor();
    await expectAccessible(page);
    // The session that made the change gets no notice of it.
    expect(await page.getByRole('complementary', { name: 'Security notices' }).count()).toBe(0);
  });

  test('asks for a code at the sign-in, renews the recovery codes, and is turned off', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(401, 403);
    const { totp, recoveryCodes } = await turnOnTwoStep(login);
    const [first, second] = [
      defined(recoveryCodes[0], 'recovery code'),
      defined(recoveryCodes[1], 'recovery code'),
    ];
    const other = await openPage(width);
    other.expectStatus(401);
    await other.page.goto('/sign-in');
    await signIn(other.page, login);
    const code = other.page.getByLabel('Code from your authenticator app');
    await expectFocus(code);
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
    await expectAccessible(other.page);
    await code.fill(wrongCode(totp));
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.getByText('This code is wrong, expired or already used.').waitFor();
    await expectFocus(code);
    await expectAccessible(other.page);
    await code.fill(totp.generate());
    await other.page.keyboard.press('Enter');
    await locateCall(other.page, 'AAPL').waitFor();

    const third = await openPage(width);
    third.expectStatus(401);
    await third.page.goto('/sign-in');
    await signIn(third.page, login);
    await third.page.getByRole('button', { name: 'Use a recovery code instead' }).click();
    const recovery = third.page.getByLabel('Recovery code');
    await expectFocus(recovery);
    await recovery.fill(first.toLowerCase());
    await third.page.keyboard.press('Enter');
    await locateCall(third.page, 'AAPL').waitFor();

    await page.goto('/settings');
    await page.getByText('You have 9 of 10 recovery codes left').waitFor();
    await service().expireConfirmations();
    await page.getByRole('button', { name: 'Make new recovery codes…' }).click();
    await page.getByRole('button', { name: 'Make new codes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Enter your password to continue' });
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Use a recovery code instead' }).click();
    await dialog.getByLabel('Recovery code').fill(second);
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await expectFocus(page.getByRole('heading', { name: 'Save your recovery codes' }));
    const renewed = await page.getByRole('list', { name: 'Recovery codes' }).locator('li').allTextContents();
    expect(new Set([...recoveryCodes, ...renewed]).size).toBe(20);
    await page.getByRole('button', { name: 'I have saved them' }).click();
    await page.getByText('You have 10 of 10 recovery codes left').waitFor();
    await page.getByRole('button', { name: 'Turn off…' }).click();
    await expectAccessible(page);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click();
    await page.getByText('Two-step sign-in is off.').waitFor();
    await page.getByRole('button', { name: 'Turn on two-step sign-in' }).waitFor();
    await expectAccessible(page);
  });

  test('asks for a code when the session has ended, and when the password changes', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(401);
    const { recoveryCodes } = await turnOnTwoStep(login);
    const [first, second] = [
      defined(recoveryCodes[0], 'recovery code'),
      defined(recoveryCodes[1], 'recovery code'),
    ];
    await page.goto('/settings');
    await page.getByText('You have 10 of 10 recovery codes left').waitFor();
    const password = page.locator('#password');
    await password.getByLabel('Current password').fill(PASSWORD);
    await password.getByLabel('New password').fill('a lantern over wet cobbles');
    await password.getByRole('button', { name: 'Use a recovery code instead' }).click();
    await password
      .getByLabel('Recovery code')
      .fill(second.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
    await password.getByRole('button', { name: 'Change password' }).click();
    await password.getByText('This code is wrong, expired or already used.').waitFor();
    await password.getByLabel('Recovery code').fill(second);
    await password.getByRole('button', { name: 'Change password' }).click();
    await password.getByText('Your password has been changed').waitFor();

    await endSessions({ ...login, password: 'a lantern over wet cobbles' }, first);
    await page.getByRole('link', { name: 'Recommendations', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Your session has ended').waitFor();
    await dialog.getByLabel('Password').fill('a lantern over wet cobbles');
    await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
    await dialog.getByRole('button', { name: 'Use a recovery code instead' }).click();
    await dialog.getByLabel('Recovery code').fill(defined(recoveryCodes[2], 'recovery code'));
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
    await locateCall(page, 'AAPL').waitFor();
  });

  test('warns when few recovery codes are left, and explains why it cannot be turned off', async () => {
    const { page, login, consoleErrors } = await openNewUser(width);
    await turnOnTwoStep(login);
    await page.route('**/v1/me', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), recoveryCodesLeft: 1 } });
    });
    await page.goto('/settings');
    await page.getByText('You have only 1 recovery code left').waitFor();
    await expectAccessible(page);
    await page.unroute('**/v1/me');
    await page.route('**/v1/me/second-factor', (route) => route.abort());
    await page.getByRole('button', { name: 'Turn off…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('alertdialog').getByText('The service cannot be reached').waitFor();
    await expectAccessible(page);
    expect(consoleErrors.splice(0).filter((line) => !line.includes('net::ERR_FAILED'))).toEqual([]);
  });

  /** Turns two-step sign-in on through the API. */
  async function turnOnTwoStep(login: { email: string; password: string }) {
    const { accessToken } = await post('/v1/auth/login', login);
    const { uri } = await post('/v1/me/second-factor', undefined, accessToken);
    const totp = URI.parse(uri) as TOTP;
    const { recoveryCodes } = await post(
      '/v1/me/second-factor/activate',
      { code: totp.generate({ timestamp: Date.now() - STEP_MS }) },
      accessToken,
    );
    return { totp, recoveryCodes: recoveryCodes as string[] };
  }

  /** Ends all sessions of a user through the API, as from another device. */
  async function endSessions(login: { email: string; password: string }, code: string) {
    const { accessToken } = await post('/v1/auth/login', { ...login, code });
    await post('/v1/auth/logout-everywhere', undefined, accessToken);
  }

  async function post(path: string, body?: unknown, token = '') {
    const response = await fetch(`${service().url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? {} : await response.json();
  }
});

/** Reads the QR code as a phone does: from the pixels on the screen. */
async function readQrCode(page: Page): Promise<string> {
  const png = await page.locator('.qr-code').screenshot();
  const image = await page.evaluate(
    async (source) => {
      const picture = Object.assign(new Image(), { src: source });
      await picture.decode();
      const { width, height } = picture;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context?.drawImage(picture, 0, 0);
      return { width, height, data: [...(context?.getImageData(0, 0, width, height).data ?? [])] };
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  return decodeQR({ ...image, data: Uint8ClampedArray.from(image.data) });
}

/** Six digits that are no code of the last, this or the next step. */
function wrongCode(totp: TOTP): string {
  const valid = [-1, 0, 1].map((step) => totp.generate({ timestamp: Date.now() + step * STEP_MS }));
  return defined(
    ['000000', '111111', '222222', '333333'].find((code) => !valid.includes(code)),
    'wrong code',
  );
}
