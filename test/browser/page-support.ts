import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse/sync';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Login } from './service-support.ts';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** axe's rules for WCAG 2.2, levels A and AA, and its best practices. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A browser context with one page, and its errors. */
export interface Visitor {
  page: Page;
  /** Console errors, uncaught exceptions and requests to other origins. */
  consoleErrors: string[];
  /** Allows error responses of these statuses, which the browser logs to the console. */
  expectStatus: (...statuses: number[]) => void;
  /** Takes the network away, or gives it back. */
  setOffline: (offline: boolean) => Promise<void>;
  close(): Promise<void>;
}

/** Opens a page in a new browser context. */
export async function openVisitor(
  browser: Browser,
  url: string,
  { width, ...options }: { width: number } & BrowserContextOptions,
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: width < 600 ? 844 : 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Brussels',
    reducedMotion: 'reduce',
    ...options,
  });
  const consoleErrors: string[] = [];
  const expected = new Set<number>();
  let wasOffline = false;
  context.on('console', (message) => {
    const status = Number(/the server responded with a status of (\d+)/.exec(message.text())?.[1]);
    const isExpected =
      expected.has(status) || (wasOffline && message.text().includes('ERR_INTERNET_DISCONNECTED'));
    if (message.type() === 'error' && !isExpected) consoleErrors.push(message.text());
  });
  context.on('weberror', (error) => consoleErrors.push(String(error.error())));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== url && !['data:', 'blob:'].includes(protocol))
      consoleErrors.push(`request to another origin: ${request.url()}`);
  });
  const page = await context.newPage();
  return {
    page,
    consoleErrors,
    expectStatus: (...statuses) => {
      for (const status of statuses) expected.add(status);
    },
    setOffline: (offline) => {
      wasOffline ||= offline;
      return context.setOffline(offline);
    },
    close: () => context.close(),
  };
}

/** Registers through the form, and waits for the risk notice. */
export async function register(page: Page, { email, password }: Login): Promise<void> {
  await page.goto('/register');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Before you see recommendations').waitFor();
}

/** Accepts the risk notice, and waits for the list. */
export async function acceptConsent(page: Page): Promise<void> {
  await page.getByText('I have read and understood this notice.').click();
  await page.getByRole('button', { name: 'Accept and see the recommendations' }).click();
  await page.getByText('AAPL').first().waitFor();
}

/** Signs in through the form. */
export async function signIn(page: Page, { email, password }: Login): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: /^Sign in/ }).click();
}

/** The page's accessibility violations, one per line. */
export async function findViolations(page: Page): Promise<string[]> {
  // The content security policy forbids a script element but does not affect the debugger.
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    // React Aria keeps its announcements for some seconds. They may refer to a button that no longer exists.
    const outdated = [...document.querySelectorAll('[data-live-announcer] [role="img"]')].filter(
      (node) => !document.getElementById(node.getAttribute('aria-labelledby') ?? ''),
    );
    // Whether the header covers half of a field depends on the scroll position alone. In its place, it covers nothing.
    const header = document.querySelector<HTMLElement>('header');
    if (header) header.style.position = 'relative';
    const { violations: found } = await axe.run(
      { exclude: outdated as HTMLElement[] },
      { runOnly: { type: 'tag', values: tags } },
    );
    header?.style.removeProperty('position');
    return found.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
    );
  }, RULES);
}

/** The number of colours in an element's canvases, and the share of pixels not in the most common one. */
export async function measureDrawing(
  page: Page,
  selector: string,
): Promise<{ colours: number; share: number }> {
  return page.locator(selector).evaluate((element) => {
    const counts = new Map<string, number>();
    let total = 0;
    for (const canvas of element.querySelectorAll('canvas')) {
      const { width, height } = canvas;
      const pixels =
        width && height ? canvas.getContext('2d')?.getImageData(0, 0, width, height).data : undefined;
      for (let at = 0; pixels && at < pixels.length; at += 4) {
        if (pixels[at + 3] === 0) continue;
        const colour = `${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}`;
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
        total++;
      }
    }
    const mostCommon = Math.max(0, ...counts.values());
    return { colours: counts.size, share: total === 0 ? 0 : 1 - mostCommon / total };
  });
}

export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement ?? document.body;
    return scrollWidth > clientWidth;
  });
}

/** Downloads a list, such as “the calls”. @returns the file's name, and its rows by column */
export async function downloadCsv(
  page: Page,
  what: string,
): Promise<{ name: string; rows: Record<string, string>[] }> {
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: `Download ${what} as CSV` }).click();
  const download = await started;
  const text = await readFile(await download.path(), 'utf8');
  if (text.charCodeAt(0) !== 0xfeff) throw new Error('Excel would not read the file as UTF-8');
  return { name: download.suggestedFilename(), rows: parse(text, { bom: true, columns: true }) };
}
