import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { CALLED, publishDay } from '../functions/infer/changes-support.ts';
import { expectAccessible, expectFocus, useBrowser, WIDTHS } from './browser-support.ts';
import { scrollsSideways } from './page-support.ts';

const { openNewUser, openSignedIn, service } = useBrowser();

/** Publishes calls of AAPL for the day of its present ones, as a run does. */
const publish = (label: keyof typeof CALLED) =>
  service().asOwner(async (sql) => {
    const [call] = await sql<[{ id: string; model: string; day: string; run: string }]>`
      SELECT i.id, r.model_version_id AS model, to_char(r.as_of, 'YYYY-MM-DD') AS day, r.run_id AS run
      FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
      WHERE i.symbol = 'AAPL' AND r.is_active AND r.profile = 'conservative'`;
    await publishDay(
      sql,
      { runId: call.run, asOf: call.day, model: call.model },
      { [call.id]: { ...CALLED[label] } },
    );
  });

const changes = (page: Page) => page.getByRole('region', { name: 'What changed since your last visit' });
const NOTHING = 'Nothing has changed since your last visit.';

describe.each(WIDTHS)('what changed, at %i pixels', (width) => {
  test('is shown above the list until the user marks it as seen, on every device', async () => {
    await publish('HOLD');
    const { page, login } = await openNewUser(width);
    await page.getByText(NOTHING).waitFor();
    expect(await changes(page).count()).toBe(0);

    await publish('BUY');
    await page.reload();
    const items = changes(page).getByRole('listitem');
    await items.filter({ hasText: 'AAPL' }).waitFor();
    expect(await items.count()).toBe(1);
    expect(await items.locator('.call').allTextContents()).toEqual(['HOLD', 'BUY']);
    await items.getByText(/^Its chance of clearly beating the average stock (rose|fell|stayed) /).waitFor();
    const list = page.locator('table.calls, .cards');
    expect((await changes(page).boundingBox())?.y).toBeLessThan((await list.boundingBox())?.y ?? 0);
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);

    await items.getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'AAPL' }).waitFor();
    await page.goBack();
    const other = await openSignedIn(login, width);
    await other.page.goto('/recommendations');
    await changes(other.page).waitFor();

    await changes(page).getByRole('button', { name: 'Mark as seen' }).click();
    await page.getByText(NOTHING).waitFor();
    await expectFocus(page.locator('main'));
    await other.page.reload();
    await other.page.getByText(NOTHING).waitFor();
  });

  test('is kept, with the reason, if it cannot be marked as seen', async () => {
    await publish('SELL');
    const { page, consoleErrors } = await openNewUser(width);
    await publish('HOLD');
    await page.reload();
    await page.route('**/v1/me/changes/seen', (route) => route.abort());
    await changes(page).getByRole('button', { name: 'Mark as seen' }).click();
    await changes(page).getByText('The service cannot be reached').waitFor();
    await changes(page).getByText('AAPL').waitFor();
    await expectAccessible(page);
    expect(consoleErrors.splice(0).filter((line) => !line.includes('net::ERR_FAILED'))).toEqual([]);
  });

  test('shows the changes of the followed stocks alone in their view', async () => {
    await publish('BUY');
    const { page } = await openNewUser(width);
    await publish('SELL');
    await page.reload();
    await changes(page).waitFor();
    await page.getByRole('button', { name: 'Follow MSFT' }).click();
    await page.goto('/recommendations?following=true');
    await page.getByText('Nothing about your stocks has changed since your last visit.').waitFor();
    await page.goto('/recommendations?following=false');
    await changes(page).getByText('AAPL').waitFor();
  });
});
