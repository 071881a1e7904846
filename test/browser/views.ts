import type { Page } from 'playwright-core';

/** A view of somebody who is signed in. */
export interface View {
  name: string;
  /** Goes there. */
  open: (page: Page) => Promise<unknown>;
  /** What it asks the API for, of which it is the view. */
  asks: RegExp;
  /** Waits for what it shows. */
  ready: (page: Page) => Promise<unknown>;
}

const at = (path: string) => (page: Page) => page.goto(path);
const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor();
const row = (words: string) => (page: Page) =>
  page.locator('.rows > li, tbody tr').filter({ hasText: words }).first().waitFor();

/** Every view that an administrator who has consented sees. */
export const VIEWS: readonly View[] = [
  {
    name: 'list',
    open: at('/recommendations?profile=moderate'),
    asks: /\/v1\/recommendations(\?.*)?$/,
    ready: text('AAPL'),
  },
  {
    name: 'detail',
    open: async (page) => {
      await page.goto('/recommendations?profile=moderate');
      await page.getByRole('link', { name: 'AAPL' }).click();
    },
    asks: /\/v1\/recommendations\/[^/?]+$/,
    ready: (page) => page.locator('[data-testid=chart] canvas').first().waitFor(),
  },
  { name: 'model', open: at('/model'), asks: /\/v1\/models\/active$/, ready: text('Is it steady?') },
  {
    name: 'settings',
    open: at('/settings'),
    asks: /\/v1\/me(\/sessions|\/consents)?$/,
    ready: async (page) => {
      await text('this one')(page);
      await text('stands')(page);
    },
  },
  { name: 'runs', open: at('/admin/runs'), asks: /\/v1\/admin\/runs(\?.*)?$/, ready: row('Succeeded') },
  {
    name: 'run',
    open: async (page) => {
      await page.goto('/admin/runs');
      await page.locator('tbody a').last().click();
    },
    asks: /\/v1\/admin\/runs\/[^/?]+$/,
    ready: row('insufficient_history'),
  },
  {
    name: 'instruments',
    open: at('/admin/instruments'),
    asks: /\/v1\/admin\/instruments(\?.*)?$/,
    ready: row('AAPL'),
  },
  { name: 'users', open: at('/admin/users'), asks: /\/v1\/admin\/users(\?.*)?$/, ready: row('That’s you') },
  { name: 'models', open: at('/admin/models'), asks: /\/v1\/models$/, ready: row('active') },
  { name: 'nothing', open: at('/nothing'), asks: /$^/, ready: text('There is nothing at this address') },
];

/** Goes to one view after the other. */
export async function throughViews(page: Page, look: (view: View) => Promise<void>): Promise<void> {
  for (const view of VIEWS) {
    await view.open(page);
    await view.ready(page);
    await look(view);
  }
}
