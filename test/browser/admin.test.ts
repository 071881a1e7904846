import { describe, expect, test } from 'vitest';
import { expectAccessible, useBrowser, WIDTHS } from './browser-support.ts';

const { openNewUser, openAdmin } = useBrowser();

describe.each(WIDTHS)('admin views at %i pixels', (width) => {
  test('starts a run and shows its progress and failures', async () => {
    const { page, expectStatus } = await openAdmin(width);
    // A run appears in the ledger a moment after it was started.
    expectStatus(404);
    await page.getByRole('button', { name: 'Start a run…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('Only these stocks').fill('not a symbol!');
    await expectAccessible(page);
    expectStatus(400, 404);
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Only these stocks').fill('');
    await dialog.getByLabel('As of').fill('2013-03-01');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    // The address changes before the view does, and the list of runs shows the same statuses.
    await page.getByRole('heading', { name: /^Run of / }).waitFor();
    await page.getByText('Succeeded').waitFor({ timeout: 60_000 });
    await page.getByText('insufficient_history').waitFor();
    await expectAccessible(page);
  });

  test('filters runs by status, and explains a partial run', async () => {
    const { page } = await openAdmin(width);
    const error = '5 of 13 instruments failed. not_found: VVV, WWW, XXX and 2 more (VVV: is unknown).';
    await page.route(/\/v1\/admin\/runs\/[^?/]+$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), status: 'partial', error } });
    });
    await page.route(/\/v1\/admin\/runs\?.*status=partial/, async (route) => {
      const all = await route.fetch({ url: route.request().url().replace('&status=partial', '') });
      const answer = await all.json();
      const items = answer.items.slice(-1).map((run: object) => ({ ...run, status: 'partial', error }));
      await route.fulfill({ response: all, json: { items, nextCursor: null } });
    });
    const runs = page.getByRole('region', { name: 'Runs' }).locator('tbody tr');
    await page.getByRole('button', { name: /Status/ }).click();
    await page.getByRole('option', { name: 'Failed: nothing published' }).click();
    await page.getByText('No runs have this status.').waitFor();
    await page.getByRole('button', { name: /Status/ }).click();
    await page.getByRole('option', { name: 'Partial: some stocks failed' }).click();
    await expect.poll(() => runs.count()).toBe(1);
    await runs.getByText('Partial').waitFor();
    await expectAccessible(page);
    await runs.getByRole('link').click();
    await page.getByText('This run updated only some stocks').waitFor();
    await page.getByText(error).waitFor();
    await expectAccessible(page);
  });

  test('loads earlier runs', async () => {
    const { page } = await openAdmin(width, '/admin/users');
    // With pages of 20, the test would have to make 21 runs.
    await page.route(/\/v1\/admin\/runs\?/, (route) =>
      route.continue({ url: route.request().url().replace('limit=20', 'limit=1') }),
    );
    await page.getByRole('link', { name: 'Runs' }).click();
    const runs = page.getByRole('region', { name: 'Runs' }).locator('tbody th');
    await expect.poll(() => runs.count()).toBe(1);
    const [newest] = await runs.allTextContents();
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => runs.count()).toBe(2);
    expect((await runs.allTextContents())[0]).toBe(newest);
    const links = page.getByRole('region', { name: 'Runs' }).locator('tbody a');
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(new Set(addresses).size).toBe(2);
  });

  test('adds and deactivates an instrument', async () => {
    const { page, expectStatus } = await openAdmin(width);
    expectStatus(409);
    await page.getByRole('link', { name: 'Instruments' }).click();
    await page.getByRole('button', { name: 'Add…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('Symbol').fill('ibm');
    await dialog.getByLabel('Exchange').fill('NYSE');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText('Conflict').waitFor();
    const symbol = `NEW${width}`;
    await dialog.getByLabel('Symbol').fill(symbol);
    await dialog.getByRole('button', { name: 'Add' }).click();
    const row = page.locator('.rows > li').filter({ hasText: symbol });
    await row.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click();
    await row.waitFor({ state: 'detached' });
    await expectAccessible(page);
  });

  test('refuses other users, and finds a user and grants admin rights', async () => {
    const { page: theirs, login } = await openNewUser(width);
    await theirs.goto('/admin/runs');
    await theirs.getByText('Only administrators can see this page').waitFor();
    const { page } = await openAdmin(width);
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('searchbox').fill(login.email.slice(0, -4));
    const row = page.locator('.rows > li').filter({ hasText: login.email });
    await expect.poll(() => page.locator('.rows > li').count()).toBe(1);
    await row.getByRole('button', { name: 'Make administrator' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make administrator' }).click();
    await row.getByText('administrator', { exact: true }).waitFor();
    await expectAccessible(page);
  });

  test('lists the models, and offers no roll back while there is one', async () => {
    const { page } = await openAdmin(width);
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByText('active', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /Roll back/ }).count()).toBe(0);
    await expectAccessible(page);
  });

  test('shows every user that a run is in progress', async () => {
    const { page } = await openNewUser(width);
    await page.route('**/v1/health', async (route) => {
      const response = await route.fetch();
      const health = await response.json();
      await route.fulfill({
        response,
        json: { ...health, lastRun: { ...health.lastRun, status: 'running', finishedAt: null } },
      });
    });
    await page.reload();
    await page.getByText('Updating recommendations: ').waitFor();
    await page.getByText('AAPL').first().waitFor();
  });
});
