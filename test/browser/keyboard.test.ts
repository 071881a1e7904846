import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectProfile, locateCall, useBrowser, WIDTHS } from './browser-support.ts';
import { VIEWS } from './view-support.ts';

const { openPage, openNewUser, openSignedIn, service, acceptConsentAsAdmin } = useBrowser();

beforeAll(() => acceptConsentAsAdmin());

describe.each(WIDTHS)('keyboard use at %i pixels', (width) => {
  test('signs in, filters the list, opens a recommendation and signs out', async () => {
    const { login, page: elsewhere } = await openNewUser(width);
    await elsewhere.close();
    const { page } = await openPage(width);
    const { to, press } = makeKeys(page);
    await page.goto('/sign-in');
    await to(page.getByLabel('E-mail'));
    await page.keyboard.type(login.email);
    await to(page.getByLabel('Password'));
    await page.keyboard.type(login.password);
    await press('Enter');
    await locateCall(page, 'AAPL').waitFor();
    await expectFocus(page);

    await to(page.getByRole('radio', { name: 'Conservative' }));
    await press('ArrowRight');
    await expectProfile(page, 'moderate');
    await expectFocus(page, page.getByRole('radio', { name: 'Moderate' }));
    if (width < 768) {
      await to(page.getByRole('button', { name: 'Search, sector' }));
      await press('Enter');
    }
    const sector = page.getByRole('button', { name: /Sector/ });
    await to(sector);
    await press('Enter');
    await page.getByRole('listbox').waitFor();
    await press('Escape');
    await expectFocus(page, sector);
    await press('Space');
    await expectFocus(page, page.getByRole('option', { name: 'All sectors' }));
    await press('ArrowDown');
    const chosen = page.getByRole('option', { name: /Communication/ });
    while (!(await hasFocus(chosen))) await press('ArrowDown');
    await press('Enter');
    await locateCall(page, 'AAPL').waitFor({ state: 'detached' });
    await expectFocus(page, sector);
    await to(page.getByRole('slider'));
    await press('ArrowRight');
    await to(page.getByRole('button', { name: 'Clear filters' }));
    await press('Enter');
    await locateCall(page, 'AAPL').waitFor();
    await expectFocus(page, page.locator('main'));

    await to(page.getByRole('link', { name: 'AAPL' }));
    await press('Enter');
    await page.getByRole('heading', { level: 1, name: /AAPL/ }).waitFor();
    await expectFocus(page, page.locator('main'));
    await to(page.getByRole('radio', { name: '6 months' }));
    await press('ArrowRight');
    await page.getByRole('radio', { name: '1 year', checked: true }).waitFor();
    await to(page.getByRole('button', { name: /days as a table/ }));
    await press('Space');
    await to(page.getByRole('region', { name: 'Prices' }));

    const account = page.getByRole('button', { name: 'Account' });
    await to(account, 'Shift+Tab');
    await press('Enter');
    await expectFocus(page, page.getByRole('menuitem', { name: 'Settings' }));
    await press('Escape');
    await expectFocus(page, account);
    await press('Space');
    await page.getByRole('menu').waitFor();
    await press('ArrowDown');
    await expectFocus(page, page.getByRole('menuitem', { name: 'Sign out' }));
    await press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('tabs through every view with a visible focus', async () => {
    const { page, expectStatus } = await openSignedIn(service().admin, width);
    expectStatus(404);
    for (const view of VIEWS) {
      await view.open(page);
      await view.ready(page);
      // Moves the focus to the start of the page, as after a reload.
      await page.evaluate(() => {
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute('tabindex');
      });
      await page.keyboard.press('Tab');
      await expectFocus(page, page.getByRole('link', { name: 'Skip to main content' }));
      let stops = 1;
      for (; stops < 150; stops++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement === document.body)) break;
        await expectFocus(page);
      }
      // The focus leaves the page after the last link, so no element traps it.
      expect([view.name, stops > 5 && stops < 150]).toEqual([view.name, true]);
    }
  });

  test('skips to the main content, and confirms a withdrawal in a dialog', async () => {
    const { page } = await openNewUser(width);
    const { to, press } = makeKeys(page);
    await page.goto('/settings');
    await page.getByText('this session').waitFor();
    await press('Tab');
    await press('Enter');
    await expectFocus(page, page.locator('main'));
    const withdraw = page.getByRole('button', { name: 'Withdraw' });
    await to(withdraw);
    await press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await press('Tab');
    await expectFocus(page);
    await press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await expectFocus(page, withdraw);
    await press('Enter');
    await to(page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }));
    await press('Enter');
    await page.getByText('You have not accepted the current risk notice').waitFor();
    // The button that had the focus no longer exists.
    await expectFocus(page, page.locator('main'));
  });
});

/** Keyboard actions that check after each key press that the focus is visible. */
function makeKeys(page: Page) {
  const press = (key: string) => page.keyboard.press(key);
  return {
    press,
    to: async (target: Locator, key = 'Tab') => {
      await target.waitFor();
      for (let presses = 0; presses < 100; presses++) {
        if (await hasFocus(target)) return;
        await press(key);
        await expectFocus(page);
      }
      throw new Error(`${target} is not reached with ${key}`);
    },
  };
}

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Waits until the focus is visible, and on `target` if one is given. */
async function expectFocus(page: Page, target?: Locator): Promise<void> {
  if (target) await expect.poll(() => hasFocus(target)).toBe(true);
  await expect.poll(() => page.evaluate(findFocusProblem)).toBe('');
}

/** Describes why the focus is not visible; empty if it is. */
function findFocusProblem(): string {
  const active = document.activeElement as HTMLElement | null;
  if (!active || active === document.body) return 'nothing has the focus';
  // Containers that receive the focus from a script need no outline.
  if (active.matches('main, [role=alertdialog], [role=dialog]')) return '';
  const name = `${active.tagName} “${(active.getAttribute('aria-label') ?? active.innerText).slice(0, 30)}”`;
  const ring = active.closest<HTMLElement>('[data-focus-visible], :focus-visible');
  const drawn = [ring, ring?.querySelector<HTMLElement>('.checkbox-box')].find((element) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
  });
  if (!drawn) return `${name} has no outline`;
  const { left, right, top, bottom } = drawn.getBoundingClientRect();
  const parts = [0.05, 0.25, 0.5, 0.75, 0.95];
  const isSeen = parts.some((x) =>
    parts.some((y) => {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      return hit !== null && (drawn.contains(hit) || hit.contains(active));
    }),
  );
  return isSeen ? '' : `${name} is behind something else`;
}
