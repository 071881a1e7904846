import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import { acceptConsent, openVisitor, register, signIn } from './page-support.ts';
import { acceptConsentAsAdmin, startService, type TestService } from './service-support.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

const SIZES = [
  ['wide', 1440],
  ['narrow', 390],
] as const;

/** The views of a signed-in user, in the order of their screenshots. */
const VIEWS: [name: string, path: string, ready: (page: Page) => Promise<unknown>][] = [
  ['list', '/recommendations?profile=moderate', (page) => page.getByText('AAPL').first().waitFor()],
  ['detail', '', (page) => page.locator('[data-testid=chart] canvas').first().waitFor()],
  [
    'track-record',
    '/track-record?profile=moderate&kind=sample',
    (page) => page.getByRole('region', { name: 'Every call' }).locator('tbody tr').first().waitFor(),
  ],
  ['model', '/model', (page) => page.getByText('Does it work in every period?').waitFor()],
  ['settings', '/settings', (page) => page.getByText('this session').waitFor()],
  ['settings-two-step', '/settings#security', startTwoStep],
  ['admin', '/admin/runs', (page) => page.locator('tbody').getByText('Succeeded').first().waitFor()],
  ['admin-security', '/admin/security', (page) => page.locator('tbody tr').first().waitFor()],
  ['admin-run', 'run', (page) => page.getByText('insufficient_history').first().waitFor()],
];

/** The first and last days of two weeks in which the sample's stocks can be compared with bundled universes. */
const WEEKS = [
  ['2012-11-30', '2012-12-07'],
  ['2013-02-15', '2013-02-22'],
] as const;

const service = await startService();
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
try {
  await mkdir(FOLDER, { recursive: true });
  await acceptConsentAsAdmin(service);
  for (const day of await listEarlierDays(service)) await service.runAsOf(day);
  for (const [size, width] of SIZES) {
    for (const colorScheme of ['light', 'dark'] as const)
      await takeScreenshots(service, { size, width, colorScheme });
  }
} finally {
  await browser.close();
  await service.close();
}

/** The trading days of these weeks, so that there is a history of calls with outcomes. */
async function listEarlierDays({ request }: TestService): Promise<string[]> {
  const weeks = await Promise.all(
    WEEKS.map(([from, to]) => request('GET', `/v1/instruments/AAPL/bars?from=${from}&to=${to}`)),
  );
  return weeks.flatMap((bars) =>
    (bars as { items: { ts: string }[] }).items.map(({ ts }) => ts.slice(0, 10)),
  );
}

/** Shows the steps that turn two-step sign-in on. */
async function startTwoStep(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Turn on two-step sign-in' }).click();
  await page.locator('.qr-code').waitFor();
}

async function takeScreenshots(
  { url, admin, request }: TestService,
  { size, width, colorScheme }: { size: string; width: number; colorScheme: 'light' | 'dark' },
): Promise<void> {
  const visitor = await openVisitor(browser, url, { width, colorScheme, deviceScaleFactor: 1 });
  const { page } = visitor;
  const shoot = async (name: string) => {
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(400);
    // In a window as tall as the page, elements fixed to its edge do not cover the middle of the picture.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height });
    const path = `${FOLDER}${name}-${size}-${colorScheme}.png`;
    await page.waitForTimeout(200);
    await page.screenshot({ path });
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
  };
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await shoot('sign-in');
  await register(page, {
    email: `${size}-${colorScheme}@example.com`,
    password: 'correct horse battery staple',
  });
  await shoot('consent');
  await acceptConsent(page);
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
  // Without this, the notices of the administrator would be in every picture.
  await request('POST', '/v1/me/notices/seen', { until: new Date().toISOString() });
  await signIn(page, admin);
  await page.getByText('AAPL').first().waitFor();
  const [run] = ((await request('GET', '/v1/admin/runs')) as { items: { id: string }[] }).items;
  for (const [name, path, ready] of VIEWS) {
    if (name === 'detail') await page.getByRole('link', { name: 'AAPL' }).click();
    else await page.goto(path === 'run' ? `/admin/runs/${run?.id}` : path);
    await ready(page);
    await shoot(name);
  }
  for (const problem of visitor.consoleErrors) console.error(`${size} ${colorScheme}: ${problem}`);
  await visitor.close();
}
