import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { findChromium } from './chromium.ts';
import { consent, openVisitor, register, type Visitor, violations } from './visitor.ts';
import { openWorld, type World } from './world.ts';

/** Widths that everything is tried at. */
export const WIDTHS = [1440, 390] as const;

export const PASSWORD = 'correct horse battery staple';

let people = 0;

/**
 * A service and a browser for a file of tests. Whatever a test does, nothing may be written to the console as an
 * error, and nothing may be asked of another server.
 */
export function browserTests() {
  let world: World | undefined;
  let browser: Browser | undefined;
  const visitors: Visitor[] = [];
  beforeAll(async () => {
    world = await openWorld();
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
  const visit = async (width: number): Promise<Visitor> => {
    if (!world || !browser) throw new Error('the world is not open');
    const visitor = await openVisitor(browser, world.url, { width });
    visitors.push(visitor);
    return visitor;
  };
  return {
    world: () => world as World,
    visit,
    /** Somebody new, who has just accepted the consent and sees the list. */
    newcomer: async (width: number) => {
      const visitor = await visit(width);
      const login = { email: `person-${++people}-${width}@example.com`, password: PASSWORD };
      await register(visitor.page, login);
      await consent(visitor.page);
      return { ...visitor, login };
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
