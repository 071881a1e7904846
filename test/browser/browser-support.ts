import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createAccount, openSession } from './account-support.ts';
import { findChromium } from './chromium.ts';
import { findViolations, openVisitor, type Visitor } from './page-support.ts';
import { type Login, type ServiceOptions, startService, type TestService } from './service-support.ts';

/** Widths that everything is tried at. */
export const WIDTHS = [1440, 390] as const;

export const PASSWORD = 'correct horse battery staple';

let people = 0;

/**
 * A service and a browser for a file of tests. Whatever a test does, nothing may be written to the console as an
 * error, and nothing may be asked of another server.
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
    const said = visitors.flatMap(({ consoleErrors }) => consoleErrors);
    for (const visitor of visitors.splice(0)) await visitor.close();
    expect(said).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });
  const openPage = async (width: number, options: BrowserContextOptions = {}): Promise<Visitor> => {
    if (!service || !browser) throw new Error('the service is not open');
    const visitor = await openVisitor(browser, service.url, { width, ...options });
    visitors.push(visitor);
    return visitor;
  };
  /** Somebody who is signed in, before any address was opened. */
  const openSignedIn = async (login: Login, width: number, options: BrowserContextOptions = {}) => {
    const storageState = await openSession((service as TestService).url, login);
    return openPage(width, { storageState, ...options });
  };
  const makeLogin = (width: number): Login => ({
    email: `person-${++people}-${width}@example.com`,
    password: PASSWORD,
  });
  return {
    service: () => service as TestService,
    openPage,
    openSignedIn,
    makeLogin,
    /** Somebody new, who has just accepted the consent and sees the list. */
    openNewUser: async (width: number, options: BrowserContextOptions = {}) => {
      const login = makeLogin(width);
      const storageState = await createAccount((service as TestService).url, login);
      const visitor = await openPage(width, { storageState, ...options });
      await visitor.page.goto('/recommendations');
      await visitor.page.getByText('AAPL').first().waitFor();
      return { ...visitor, login };
    },
    /** Lets the administrator see recommendations as well. */
    acceptConsentAsAdmin: async () => {
      const { request } = service as TestService;
      const { version } = (await request('GET', '/v1/consent')) as { version: string };
      await request('POST', '/v1/me/consent', { version });
    },
    /** An administrator in front of a view of theirs. */
    openAdmin: async (width: number, path = '/admin', options: BrowserContextOptions = {}) => {
      const visitor = await openSignedIn((service as TestService).admin, width, options);
      await visitor.page.goto(path);
      await visitor.page.getByRole('heading', { name: 'Admin' }).waitFor();
      return visitor;
    },
  };
}

/** Holds a view against the rules of accessibility. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
}

/** A stock's call as the list shows it: in a row where it is wide, on a card where it is narrow. */
export function locateCall(page: Page, symbol: string) {
  return page.locator('tbody tr, li.card').filter({ hasText: symbol }).locator('.call');
}
