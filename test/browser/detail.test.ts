import { describe, expect, test } from 'vitest';
import { defined } from '../../web/src/defined.ts';
import { expectAccessible, locateCall, useBrowser, WIDTHS } from './browser-support.ts';
import { downloadCsv, measureDrawing } from './page-support.ts';

const { openNewUser, service } = useBrowser();

describe.each(WIDTHS)('recommendation at %i pixels', (width) => {
  test('opens from the list and draws a price chart', async () => {
    const { page } = await openNewUser(width);
    await page.goto('/recommendations?profile=moderate');
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByRole('heading', { level: 1, name: /AAPL/ }).waitFor();
    await page.locator('[data-testid=chart] canvas').first().waitFor();
    await expect
      .poll(async () => (await measureDrawing(page, '[data-testid=chart]')).share)
      .toBeGreaterThan(0.03);
    // Candles in two colours, three averages, two levels and their antialiased edges.
    expect((await measureDrawing(page, '[data-testid=chart]')).colours).toBeGreaterThan(20);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'All recommendations' }).click();
    await locateCall(page, 'AAPL').waitFor();
    expect(new URL(page.url()).search).toBe('?profile=moderate');
  });

  test('shows reasons that add up to the estimate', async () => {
    const { page } = await openNewUser(width);
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByRole('button', { name: /^Show all \d+ reasons/ }).click();
    const numbers = (await page.locator('.waterfall .number').allTextContents()).map((text) =>
      Number.parseFloat(text.replace('−', '-')),
    );
    const total = defined(numbers.at(-1), 'total');
    const sum = numbers.slice(0, -1).reduce((one, other) => one + other, 0);
    // All are rounded to hundredths.
    expect(Math.abs(sum - total)).toBeLessThan(0.005 * (numbers.length + 1));
    expect(numbers.length).toBeGreaterThan(10);
  });

  test('shows the other profiles, the model’s inputs, and earlier calls with their outcomes', async () => {
    // The first run after a call's horizon writes its outcome.
    for (const day of ['2012-11-30', '2013-03-01']) await service().runAsOf(day);
    const { page } = await openNewUser(width);
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByRole('link', { name: 'See the moderate call' }).click();
    await page.getByText('for the moderate profile').first().waitFor();
    await page.getByText('any stock 40%').waitFor();
    await page.getByRole('button', { name: 'Show the numbers' }).click();
    await page.getByText('illiquidity_20_rank').waitFor();
    const { name, rows } = await downloadCsv(page, 'the calls');
    expect(name).toBe('AAPL-calls.csv');
    expect(rows.map(({ asOf, profile }) => [asOf, profile])).toContainEqual(['2012-11-30', 'moderate']);
    await page.getByRole('link', { name: '30 Nov 2012' }).click();
    await page.getByText('This is an earlier recommendation').waitFor();
    await page.getByText('Result of this call').waitFor();
    await expectAccessible(page);
  });

  test('says that a stock was compared with the stocks of an earlier day', async () => {
    await service().runAsOf('2013-02-20');
    const { page } = await openNewUser(width);
    await page.getByRole('link', { name: 'AAPL' }).click();
    await page.getByText(/compared with 500 stocks\./).waitFor();
    expect(await page.getByText('This stock was compared with').count()).toBe(0);
    await page.getByRole('link', { name: '20 Feb 2013' }).click();
    await page
      .getByText(
        'This stock was compared with the 500 stocks of 15 Feb 2013, because too few had prices for 20 Feb 2013.',
      )
      .waitFor();
    await expectAccessible(page);
  });

  test('explains that a recommendation does not exist', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(404, 400);
    await page.goto('/recommendations/01a206f0-0000-7000-8000-000000000000');
    await page.getByRole('heading', { name: 'Recommendation not found' }).waitFor();
    await page.goto('/recommendations/nonsense');
    await page.getByRole('heading', { name: 'Recommendation not found' }).waitFor();
    await expectAccessible(page);
  });
});
