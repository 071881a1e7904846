import { expect, test } from 'vitest';
import { useBarsFile } from './bars-file.ts';
import { expectAccessible, locateCall, useBrowser, WIDTHS } from './browser-support.ts';

/** Starts the service on a file with one implausible bar, and without recommendations. */
const { openAdmin, acceptConsentAsAdmin, service, openSignedIn } = useBrowser(
  useBarsFile((line) => (line.startsWith('IBM,2013-02-14') ? 20 : 1)),
);

test('shows an empty list, then withheld recommendations, then current ones, without a reload', async () => {
  await acceptConsentAsAdmin();
  const readers = await Promise.all(WIDTHS.map((width) => openSignedIn(service().admin, width)));
  /** Makes a run, and lets the time pass until the pages poll again. */
  const run = async (...args: Parameters<ReturnType<typeof service>['runAsOf']>) => {
    await service().runAsOf(...args);
    for (const { page } of readers) await page.clock.fastForward('01:05');
  };
  for (const { page } of readers) {
    await page.clock.install();
    await page.goto('/recommendations');
    await page.getByText('No recommendations yet.').waitFor();
    await page.getByText('The next update publishes the first ones.').waitFor();
    await page.getByText('Bars from a file, as of').waitFor();
    await expectAccessible(page);
  }
  await service().storeUniverses();
  await run('2013-02-20');
  for (const { page } of readers) {
    await page.getByText(/^\d recommendations? (is|are) not shown$/).waitFor();
    await page.getByText('All recommendations are based on data more than 7 days old').waitFor();
    await page.getByText('No current recommendations.').waitFor();
    expect(await page.getByText('No recommendations yet.').count()).toBe(0);
    await expectAccessible(page);
  }
  await run('2013-03-01', ['AAPL']);
  for (const { page } of readers) {
    await locateCall(page, 'AAPL').waitFor();
    await page.getByText('These recommendations are based on data more than 7 days old').waitFor();
    expect(await locateCall(page, 'GOOG').count()).toBe(0);
    await expectAccessible(page);
  }
});

test.each(WIDTHS)('shows a quarantined bar with the reason at %i pixels', async (width) => {
  const { page } = await openAdmin(width, '/admin/runs');
  const row = page.getByRole('region', { name: 'Quarantined bars' }).locator('tbody tr');
  await expect.poll(() => row.count()).toBe(1);
  expect(await row.textContent()).toMatch(/^IBM14 Feb 2013[\d,.]+csv.+/);
  await expectAccessible(page);
});
