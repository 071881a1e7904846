import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, locateCall, useBrowser, WIDTHS } from './browser-support.ts';
import { VIEWS } from './view-support.ts';

const { openNewUser, openAdmin, openSignedIn, service, acceptConsentAsAdmin } = useBrowser();

beforeAll(() => acceptConsentAsAdmin());

/** The views that request data, and two views while they load the user first. */
const REQUESTING_VIEWS = [
  ...VIEWS.filter(({ name }) => name !== 'not-found'),
  ...VIEWS.filter(({ name }) => ['list', 'runs'].includes(name)).map((view) => ({
    ...view,
    name: `${view.name} while it loads the user`,
    request: /\/v1\/me$/,
  })),
].map((view) => [view.name, view] as const);

/** Waits for a loading message. */
const loading = (page: Page) => page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor();

describe.each(WIDTHS)('states of views at %i pixels', (width) => {
  test.each(REQUESTING_VIEWS)('%s shows its loading, failed, loaded and outdated states', async (_, view) => {
    const { page, consoleErrors } = await openSignedIn(service().admin, width);
    const release = Promise.withResolvers<void>();
    let isDown = true;
    await page.route(view.request, async (route) => {
      await release.promise;
      return isDown ? route.abort() : route.continue();
    });
    await view.open(page);
    await loading(page);
    expect(await page.locator('.skeleton').count()).toBeGreaterThan(0);
    await expectAccessible(page);
    release.resolve();
    await page.getByRole('alert').filter({ hasText: 'The service cannot be reached' }).first().waitFor();
    await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
    await expectAccessible(page);
    isDown = false;
    await tryAgain(page);
    await view.ready(page);

    isDown = true;
    await refocusLater(page);
    await page.getByText('Out of date: last loaded at').first().waitFor();
    // The view still shows the earlier data.
    await view.ready(page);
    await expectAccessible(page);
    isDown = false;
    await tryAgain(page);
    await view.ready(page);
    expectNetworkErrorsOnly(consoleErrors);
  });

  test('waits for a script that is slow, and offers a reload if it fails', async () => {
    const { page, consoleErrors } = await openNewUser(width);
    const arrival = Promise.withResolvers<void>();
    await page.route('**/assets/ModelPage*.js', async (route) => {
      await arrival.promise;
      await route.continue();
    });
    await page.goto('/model', { waitUntil: 'commit' });
    await page.getByText('Loading the page').waitFor();
    await expectAccessible(page);
    arrival.resolve();
    await page.getByText('Does it work in every period?').waitFor();
    await page.route('**/assets/SettingsPage*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor();
    await expectAccessible(page);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByText('this session').waitFor();
    expectNetworkErrorsOnly(consoleErrors);
  });

  test('offers to retry when the session cannot be checked', async () => {
    const { page, consoleErrors } = await openNewUser(width);
    await page.route('**/v1/auth/refresh', (route) => route.abort());
    await page.reload();
    await page.getByText('The service cannot be reached').waitFor();
    await expectAccessible(page);
    await page.unroute('**/v1/auth/refresh');
    await page.getByRole('button', { name: 'Try again' }).click();
    await locateCall(page, 'AAPL').waitFor();
    expectNetworkErrorsOnly(consoleErrors);
  });

  test('shows a message for an empty list', async () => {
    const { page } = await openAdmin(width, '/admin/runs');
    await page.getByText('No bars are in quarantine.').waitFor();
    await page.getByRole('link', { name: 'Instruments' }).click();
    await page.getByRole('searchbox').fill('zzz');
    await page.getByText('No instruments match these filters.').waitFor();
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.getByRole('searchbox').fill('zzz');
    await page.getByText('No users match these filters.').waitFor();
    await expectAccessible(page);
  });

  test('says that a search has too many matches', async () => {
    const { page } = await openNewUser(width);
    await page.route(/\/v1\/instruments\?/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), nextCursor: 'more' } });
    });
    await page.goto('/recommendations?search=a');
    await page.getByText('Too many stocks match “a” to show them all').waitFor();
    await locateCall(page, 'AAPL').waitFor();
    await expectAccessible(page);
  });

  test('shows the API’s explanation of a failure', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(503);
    const problem = {
      type: '/problems/database-unreachable',
      title: 'Database unreachable',
      status: 503,
      detail: 'The service cannot reach its database. Try again in a minute.',
    };
    await page.route(/\/v1\/models\/active$/, (route) =>
      route.fulfill({
        status: 503,
        headers: { 'content-type': 'application/problem+json' },
        body: JSON.stringify(problem),
      }),
    );
    await page.goto('/model');
    await page.getByText(problem.detail, { exact: true }).waitFor();
    await page.unroute(/\/v1\/models\/active$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Does it work in every period?').waitFor();
  });
});

/** Presses every retry button; each disappears after it succeeds. */
async function tryAgain(page: Page): Promise<void> {
  const buttons = page.getByRole('button', { name: 'Try again' });
  for (let left = await buttons.count(); left > 0; left = await buttons.count()) {
    await buttons.first().click();
    await expect.poll(() => buttons.count()).toBeLessThan(left);
  }
}

/** Simulates a return to the window a minute later, which refetches stale data. */
async function refocusLater(page: Page): Promise<void> {
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 60_000;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
}

/** Checks that the console has errors, and only those of aborted requests. */
function expectNetworkErrorsOnly(consoleErrors: string[]): void {
  const errors = consoleErrors.splice(0);
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.filter((line) => !line.includes('net::ERR_FAILED'))).toEqual([]);
}
