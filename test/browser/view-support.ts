import type { Page } from 'playwright-core';

/** A view of a signed-in user. */
export interface View {
  name: string;
  open: (page: Page) => Promise<unknown>;
  /** The URL of the view's main API request. */
  request: RegExp;
  /** Waits for the view's content. */
  ready: (page: Page) => Promise<unknown>;
}

const at = (path: string) => (page: Page) => page.goto(path);
const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor();
const row = (words: string) => (page: Page) =>
  page.locator('.rows > li, tbody tr').filter({ hasText: words }).first().waitFor();

/** Every view of an administrator who has accepted the risk notice. */
export const VIEWS: readonly View[] = [
  {
    name: 'list',
    open: at('/recommendations?profile=moderate'),
    request: /\/v1\/recommendations(\?.*)?$/,
    ready: text('AAPL'),
  },
  {
    name: 'detail',
    open: async (page) => {
      await page.goto('/recommendations?profile=moderate');
      await page.getByRole('link', { name: 'AAPL' }).click();
    },
    request: /\/v1\/recommendations\/[^/?]+$/,
    ready: (page) => page.locator('[data-testid=chart] canvas').first().waitFor(),
  },
  {
    name: 'track-record',
    open: at('/track-record'),
    request: /\/v1\/track-record(\/calls)?(\?.*)?$/,
    ready: async (page) => {
      await text('Until then: a test on past years')(page);
      await text('No calls match these filters.')(page);
    },
  },
  {
    name: 'model',
    open: at('/model'),
    request: /\/v1\/models\/active$/,
    ready: text('Does it work in every period?'),
  },
  {
    name: 'settings',
    open: at('/settings'),
    request: /\/v1\/me(\/sessions|\/consents|\/security-events\?.*|\/alerts\/.*)?$/,
    ready: async (page) => {
      await text('this session')(page);
      await text('Not withdrawn')(page);
      await text('You get no messages until you add a channel.')(page);
      // The newest event; others may be on a later page.
      await page.getByText('Signed in', { exact: true }).first().waitFor();
    },
  },
  { name: 'runs', open: at('/admin/runs'), request: /\/v1\/admin\/runs(\?.*)?$/, ready: row('Succeeded') },
  {
    name: 'run',
    open: async (page) => {
      await page.goto('/admin/runs');
      await page.locator('tbody a').last().click();
    },
    request: /\/v1\/admin\/runs\/[^/?]+$/,
    ready: row('insufficient_history'),
  },
  {
    name: 'instruments',
    open: at('/admin/instruments'),
    request: /\/v1\/admin\/instruments(\?.*)?$/,
    ready: row('AAPL'),
  },
  {
    name: 'users',
    open: at('/admin/users'),
    request: /\/v1\/admin\/users(\?.*)?$/,
    ready: row('This is you'),
  },
  { name: 'models', open: at('/admin/models'), request: /\/v1\/models$/, ready: row('active') },
  {
    name: 'alerts',
    open: at('/admin/alerts'),
    request: /\/v1\/admin\/alert-messages(\?.*)?$/,
    ready: text('Every message was delivered.'),
  },
  {
    name: 'security',
    open: at('/admin/security'),
    request: /\/v1\/admin\/security-events(\?.*)?$/,
    ready: row('Signed in'),
  },
  { name: 'not-found', open: at('/nothing'), request: /$^/, ready: text('Page not found') },
];

/** Opens the views one after another. */
export async function visitViews(page: Page, look: (view: View) => Promise<void>): Promise<void> {
  for (const view of VIEWS) {
    await view.open(page);
    await view.ready(page);
    await look(view);
  }
}
