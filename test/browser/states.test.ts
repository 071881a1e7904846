import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { browserTests, callOf, expectAccessible, WIDTHS } from './support.ts';
import { VIEWS } from './views.ts';

const { newcomer, administrator, returner, world, consentAsAdmin } = browserTests();

beforeAll(() => consentAsAdmin());

/** The views that ask for something, and two that have to know first who asks. */
const ASKING = [
  ...VIEWS.filter(({ name }) => name !== 'nothing'),
  ...VIEWS.filter(({ name }) => ['list', 'runs'].includes(name)).map((view) => ({
    ...view,
    name: `the account before the ${view.name}`,
    asks: /\/v1\/me$/,
  })),
].map((view) => [view.name, view] as const);

/** Waits until the page says that it waits for something. */
const loading = (page: Page) => page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor();

describe.each(WIDTHS)('at %i pixels', (width) => {
  test.each(ASKING)(
    '%s says that it loads, that it failed, what to do, and later of when it is',
    async (_, view) => {
      const { page, complaints } = await returner(world().admin, width);
      const answer = Promise.withResolvers<void>();
      let isDown = true;
      await page.route(view.asks, async (route) => {
        await answer.promise;
        return isDown ? route.abort() : route.continue();
      });
      await view.open(page);
      await loading(page);
      expect(await page.locator('.skeleton').count()).toBeGreaterThan(0);
      await expectAccessible(page);
      answer.resolve();
      await page.getByRole('alert').filter({ hasText: 'The service cannot be reached' }).first().waitFor();
      await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
      await expectAccessible(page);
      isDown = false;
      await tryAgain(page);
      await view.ready(page);

      isDown = true;
      await comeBackLater(page);
      await page.getByText('Not up to date: this was loaded at').first().waitFor();
      // What was there stays there.
      await view.ready(page);
      await expectAccessible(page);
      isDown = false;
      await tryAgain(page);
      await view.ready(page);
      expectBroken(complaints);
    },
  );

  test('a part of the page that comes late, or not at all, is waited for and asked for again', async () => {
    const { page, complaints } = await newcomer(width);
    const arrival = Promise.withResolvers<void>();
    await page.route('**/assets/ModelPage*.js', async (route) => {
      await arrival.promise;
      await route.continue();
    });
    await page.goto('/model', { waitUntil: 'commit' });
    await page.getByText('Loading the view').waitFor();
    await expectAccessible(page);
    arrival.resolve();
    await page.getByText('Is it steady?').waitFor();
    await page.route('**/assets/SettingsPage*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'This part of the page could not be loaded' }).waitFor();
    await expectAccessible(page);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByText('this one').waitFor();
    expectBroken(complaints);
  });

  test('the session that cannot be asked for is asked for again', async () => {
    const { page, complaints } = await newcomer(width);
    await page.route('**/v1/auth/refresh', (route) => route.abort());
    await page.reload();
    await page.getByText('The service cannot be reached').waitFor();
    await expectAccessible(page);
    await page.unroute('**/v1/auth/refresh');
    await page.getByRole('button', { name: 'Try again' }).click();
    await callOf(page, 'AAPL').waitFor();
    expectBroken(complaints);
  });

  test('says so when a search or a run has nothing', async () => {
    const { page } = await administrator(width, '/admin/runs');
    await page.getByText('No bar is in quarantine').waitFor();
    await page.getByRole('link', { name: 'Instruments' }).click();
    await page.getByRole('searchbox').fill('zzz');
    await page.getByText('No instrument fits').waitFor();
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.getByRole('searchbox').fill('zzz');
    await page.getByText('Nobody fits').waitFor();
    await expectAccessible(page);
  });

  test('a search of which more is found than can be asked for says so', async () => {
    const { page } = await newcomer(width);
    await page.route(/\/v1\/instruments\?/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), nextCursor: 'more' } });
    });
    await page.goto('/recommendations?search=a');
    await page.getByText('More stocks match “a” than can be shown').waitFor();
    await callOf(page, 'AAPL').waitFor();
    await expectAccessible(page);
  });

  test('the words of a service that is not ready, and how long to wait, are passed on', async () => {
    const { page, expectStatus } = await newcomer(width);
    expectStatus(503);
    const problem = {
      type: '/problems/not-ready',
      title: 'Not ready',
      status: 503,
      detail: 'the database starts',
    };
    await page.route(/\/v1\/models\/active$/, (route) =>
      route.fulfill({
        status: 503,
        headers: { 'content-type': 'application/problem+json', 'retry-after': '7' },
        body: JSON.stringify(problem),
      }),
    );
    await page.goto('/model');
    await page.getByText('The database starts. Try again in 7 seconds.').waitFor();
    await page.unroute(/\/v1\/models\/active$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Is it steady?').waitFor();
  });
});

/** Presses every button that asks again, each of which goes away once it was of use. */
async function tryAgain(page: Page): Promise<void> {
  const buttons = page.getByRole('button', { name: 'Try again' });
  for (let left = await buttons.count(); left > 0; left = await buttons.count()) {
    await buttons.first().click();
    await expect.poll(() => buttons.count()).toBeLessThan(left);
  }
}

/** Somebody comes back to the window when what it shows is no longer quite new. */
async function comeBackLater(page: Page): Promise<void> {
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 60_000;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
}

/** The browser writes each broken request to the console, and those were meant; nothing else. */
function expectBroken(complaints: string[]): void {
  const said = complaints.splice(0);
  expect(said.length).toBeGreaterThan(0);
  expect(said.filter((line) => !line.includes('net::ERR_FAILED'))).toEqual([]);
}
