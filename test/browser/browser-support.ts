import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createAccount, openSession } from './account-support.ts';
import { findChromium } from './chromium.ts';
import { findViolations, openVisitor, type Visitor } from './page-support.ts';
import {
  acceptConsentAsAdmin,
  type Login,
  type ServiceOptions,
  startService,
  type TestService,
} from './service-support.ts';

/** Viewport widths for every test. */
export const WIDTHS = [1440, 390] as const;

export const PASSWORD = 'correct horse battery staple';

let userCount = 0;

/**
 * Starts a service and a browser for a test file. Every test fails on console errors and on requests to other origins.
 *
 * @param prepare - options of the service, by default its sample data
 */
export function useBrowser(prepare?: () => Promise<ServiceOptions>) {
  let service: TestService | undefined;
  let browser: Browser | undefined;
  const visitors: Visitor[] = [];
  beforeAll(async () => {
    service = await startService(await prepare?.());
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    const errors = visitors.flatMap(({ consoleErrors }) => consoleErrors);
    for (const visitor of visitors.splice(0)) await visitor.close();
    expect(errors).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });
  const openPage = async (width: number, options: BrowserContextOptions = {}): Promise<Visitor> => {
    if (!service || !browser) throw new Error('The service has not started.');
    const visitor = await openVisitor(browser, service.url, { width, ...options });
    visitors.push(visitor);
    return visitor;
  };
  /** Opens a browser of a signed-in user, without loading a page. */
  const openSignedIn = async (login: Login, width: number, options: BrowserContextOptions = {}) => {
    const storageState = await openSession((service as TestService).url, login, options.userAgent);
    return openPage(width, { storageState, ...options });
  };
  const makeLogin = (width: number): Login => ({
    email: `person-${++userCount}-${width}@example.com`,
    password: PASSWORD,
  });
  return {
    service: () => service as TestService,
    openPage,
    openSignedIn,
    makeLogin,
    /** Opens the list as a new user who has accepted the risk notice. */
    openNewUser: async (width: number, options: BrowserContextOptions = {}) => {
      const login = makeLogin(width);
      const storageState = await createAccount((service as TestService).url, login);
      const visitor = await openPage(width, { storageState, ...options });
      await visitor.page.goto('/recommendations');
      await visitor.page.getByText('AAPL').first().waitFor();
      return { ...visitor, login };
    },
    /** Accepts the risk notice as the administrator. */
    acceptConsentAsAdmin: () => acceptConsentAsAdmin(service as TestService),
    /** Opens an admin view as the administrator. */
    openAdmin: async (width: number, path = '/admin', options: BrowserContextOptions = {}) => {
      const visitor = await openSignedIn((service as TestService).admin, width, options);
      await visitor.page.goto(path);
      await visitor.page.getByRole('heading', { name: 'Admin' }).waitFor();
      return visitor;
    },
  };
}

/** Checks that the page has no accessibility violations. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
}

/** Locates a stock's call in the list, in a table row or on a card. */
export function locateCall(page: Page, symbol: string) {
  return page.locator('tbody tr, li.card').filter({ hasText: symbol }).locator('.call');
}

/**
 * How far the stop of the sample's AAPL is from its last close in each profile. It depends on the bars alone, so it shows
 * whose calls the list has, whatever the model calls.
 */
const STOPS = { conservative: '5.5%', moderate: '6.9%', aggressive: '8.2%' };

/** Waits until the list shows the calls of a profile. */
export async function expectProfile(page: Page, profile: keyof typeof STOPS): Promise<void> {
  const scale = page.locator('tbody tr, li.card').filter({ hasText: 'AAPL' }).locator('.scale-numbers > div');
  const stop = scale.filter({ hasText: 'Stop' }).locator('.scale-change');
  await expect.poll(async () => (await stop.textContent())?.replace(/^\D/, '')).toBe(STOPS[profile]);
}

/** Waits until an element has the focus. */
export async function expectFocus(target: Locator): Promise<void> {
  await target.waitFor();
  await expect.poll(() => target.evaluate((element) => element === document.activeElement)).toBe(true);
}
