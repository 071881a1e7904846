import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { findChromium } from './chromium.ts';
import { openAccount, openSession } from './sessions.ts';
import { openVisitor, type Visitor, violations } from './visitor.ts';
import { type Ground, type Login, openWorld, type World } from './world.ts';

/** Widths that everything is tried at. */
export const WIDTHS = [1440, 390] as const;

export const PASSWORD = 'correct horse battery staple';

let people = 0;

/**
 * A service and a browser for a file of tests. Whatever a test does, nothing may be written to the console as an
 * error, and nothing may be asked of another server.
 */
export function browserTests(ground?: () => Promise<Ground>) {
  let world: World | undefined;
  let browser: Browser | undefined;
  const visitors: Visitor[] = [];
  beforeAll(async () => {
    world = await openWorld(await ground?.());
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    const said = visitors.flatMap(({ complaints }) => complaints);
    for (const visitor of visitors.splice(0)) await visitor.close();
    expect(said).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });
  const visit = async (width: number, options: BrowserContextOptions = {}): Promise<Visitor> => {
    if (!world || !browser) throw new Error('the world is not open');
    const visitor = await openVisitor(browser, world.url, { width, ...options });
    visitors.push(visitor);
    return visitor;
  };
  /** Somebody who is signed in, before any address was opened. */
  const returner = async (login: Login, width: number, options: BrowserContextOptions = {}) => {
    const storageState = await openSession((world as World).url, login);
    return visit(width, { storageState, ...options });
  };
  const stranger = (width: number): Login => ({
    email: `person-${++people}-${width}@example.com`,
    password: PASSWORD,
  });
  return {
    world: () => world as World,
    visit,
    returner,
    stranger,
    /** Somebody new, who has just accepted the consent and sees the list. */
    newcomer: async (width: number, options: BrowserContextOptions = {}) => {
      const login = stranger(width);
      const storageState = await openAccount((world as World).url, login);
      const visitor = await visit(width, { storageState, ...options });
      await visitor.page.goto('/recommendations');
      await visitor.page.getByText('AAPL').first().waitFor();
      return { ...visitor, login };
    },
    /** Lets the administrator see recommendations as well. */
    consentAsAdmin: async () => {
      const { ask } = world as World;
      const { version } = (await ask('GET', '/v1/consent')) as { version: string };
      await ask('POST', '/v1/me/consent', { version });
    },
    /** An administrator in front of a view of theirs. */
    administrator: async (width: number, path = '/admin', options: BrowserContextOptions = {}) => {
      const visitor = await returner((world as World).admin, width, options);
      await visitor.page.goto(path);
      await visitor.page.getByRole('heading', { name: 'Admin' }).waitFor();
      return visitor;
    },
  };
}

/** Holds a view against the rules of accessibility. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
}

/** A stock's call as the list shows it: in a row where it is wide, on a card where it is narrow. */
export function callOf(page: Page, symbol: string) {
  return page.locator('tbody tr, li.card').filter({ hasText: symbol }).locator('.call');
}
