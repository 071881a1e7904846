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
import { acceptConsent, register, signIn } from './page-support.ts';

const { openPage, openNewUser, makeLogin, service } = useBrowser();

describe.each(WIDTHS)('sign-in at %i pixels', (width) => {
  test('registers a user and shows no recommendation before the risk notice is accepted', async () => {
    const { page } = await openPage(width);
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    await page.goto('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expectAccessible(page);
    await register(page, { email: `reader-${width}@example.com`, password: PASSWORD });
    await expectAccessible(page);
    expect(await page.getByText('You can lose all the money you invest.').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Accept and see' }).isDisabled()).toBe(true);
    expect(await page.getByText('AAPL').count()).toBe(0);
    expect(requested.filter((path) => path.startsWith('/v1/recommendations'))).toEqual([]);
    await acceptConsent(page);
    await expectAccessible(page);
  });

  test('keeps the input after a wrong password, and then opens the requested view', async () => {
    const { page: first, login } = await openNewUser(width);
    await first.close();
    const { page, expectStatus } = await openPage(width);
    expectStatus(401);
    await page.goto('/recommendations?label=HOLD&profile=moderate');
    await page.getByText('Sign in to see the page you requested').waitFor();
    await signIn(page, { ...login, password: 'something else entirely' });
    await page.getByText('Wrong e-mail or password').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(login.email);
    expect(await page.getByLabel('Password').inputValue()).toBe('something else entirely');
    await expectAccessible(page);
    await signIn(page, login);
    await page.getByText('AAPL').first().waitFor();
    expect(new URL(page.url()).search).toBe('?label=HOLD&profile=moderate');
  });

  test('asks for a new password after a reset, and signs in with it', async () => {
    const { page: first, login } = await openNewUser(width);
    await first.close();
    const password = await service().resetPassword(login.email);
    const { page, expectStatus } = await openPage(width);
    expectStatus(400, 401);
    await page.goto('/sign-in');
    await page.getByText('Forgot your password? Ask the operator of this service for a new one.').waitFor();
    await signIn(page, { ...login, password });
    await page.getByText('Your password works only once.').waitFor();
    const next = page.getByLabel('New password');
    await expectFocus(next);
    await expectAccessible(page);
    await next.fill('Winter2025!!');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(/^This is easy to guess/).waitFor();
    await next.fill('a lantern over wet cobbles');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await locateCall(page, 'AAPL').waitFor();
    await page.getByText('Password reset').waitFor();
  });

  test('explains a weak password, and that an address may be taken', async () => {
    const { login } = await openNewUser(width);
    const { page, expectStatus } = await openPage(width);
    expectStatus(400, 401);
    await page.goto('/register');
    await page.getByLabel('E-mail').fill(login.email);
    await page.getByLabel('Password').fill('aaaaaaaaaaaaaaaa');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Must have at least 5 different characters.').waitFor();
    await page.getByLabel('Password').fill('Winter2025!!');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page
      .getByText(/^This is easy to guess, because .+ a date and .+\. Choose a longer one: /)
      .waitFor();
    await expectFocus(page.getByLabel('Password'));
    await expectAccessible(page);
    await page.getByLabel('Password').fill('quite another password');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('You cannot register this address').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(login.email);
  });

  test('shows and hides the password, also with the keyboard', async () => {
    const { page } = await openPage(width);
    await page.goto('/register');
    const password = page.getByLabel('Password');
    await password.fill(PASSWORD);
    expect(await password.getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Show password' }).click();
    expect(await password.getAttribute('type')).toBe('text');
    expect(await password.inputValue()).toBe(PASSWORD);
    await expectAccessible(page);
    await password.press('Tab');
    await page.keyboard.press('Enter');
    expect(await password.getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Show password' }).waitFor();
  });

  test('keeps the button in place while it is pressed, so that a message does not move it from the click', async () => {
    const { page, expectStatus } = await openPage(width);
    expectStatus(400);
    await page.goto('/register');
    const password = page.getByLabel('Password');
    const create = page.getByRole('button', { name: 'Create account' });
    await page.getByLabel('E-mail').fill(makeLogin(width).email);
    await password.pressSequentially('short');
    await create.click();
    const message = page.locator('.field', { has: password }).locator('.react-aria-FieldError');
    await message.waitFor();
    await password.fill('');
    await password.pressSequentially(PASSWORD);
    // The press takes the focus from the field, which is now valid and clears its message.
    const { x, y, width: across, height } = defined(await create.boundingBox(), 'box of the button');
    await page.mouse.move(x + across / 2, y + height - 2);
    await page.mouse.down();
    await page.waitForTimeout(100);
    expect((await create.boundingBox())?.y).toBe(y);
    await page.mouse.up();
    await page.getByText('Before you see recommendations').waitFor();
  });

  test('hides the refresh token from scripts, and stays signed in after a reload', async () => {
    const { page } = await openPage(width);
    await register(page, makeLogin(width));
    await acceptConsent(page);
    const kept = await page.evaluate(() =>
      JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
    );
    expect(kept).toBe('["",{"boursomatic.session":"1"},{}]');
    const [cookie] = await page.context().cookies(`${new URL(page.url()).origin}/v1/auth/refresh`);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    await page.reload();
    await page.getByText('AAPL').first().waitFor();
  });

  test('signs out and then shows no recommendation', async () => {
    const { page } = await openNewUser(width);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto('/recommendations');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('AAPL').count()).toBe(0);
  });
});
