import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PUBLIC_HOST, reasonToSkip, startProxy, type TlsProxy } from '../hosting/proxies.ts';
import { PASSWORD } from './browser-support.ts';
import { findChromium } from './chromium.ts';
import { acceptConsent, openVisitor, register } from './page-support.ts';
import { startService, type TestService } from './service-support.ts';

const URL_AT_PROXY = `https://${PUBLIC_HOST}`;

describe('the page at a public address behind Caddy', () => {
  const reason = reasonToSkip('caddy');
  if (reason) {
    test.skip(`is not checked: ${reason}`);
    return;
  }

  let folder: string;
  let service: TestService;
  let proxy: TlsProxy;
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-caddy-'));
    service = await startService({ args: ['--public-url', URL_AT_PROXY, '--trust-proxy', 'loopback'] });
    proxy = await startProxy('caddy', { folder, upstream: Number(new URL(service.url).port) });
    browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox', `--host-resolver-rules=MAP ${PUBLIC_HOST}:443 127.0.0.1:${proxy.httpsPort}`],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.stop();
    await service?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('keeps a user signed in over a reload, with a cookie for TLS only', async () => {
    const visitor = await openVisitor(browser, URL_AT_PROXY, { width: 1440, ignoreHTTPSErrors: true });
    const { page, consoleErrors } = visitor;
    await register(page, { email: 'grace@example.com', password: PASSWORD });
    await acceptConsent(page);
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name, secure, domain }) => ({ name, secure, domain }))).toEqual([
      { name: '__Host-boursomatic-refresh', secure: true, domain: PUBLIC_HOST },
    ]);
    await page.reload();
    await page.getByText('AAPL').first().waitFor();
    expect(page.url()).toMatch(`${URL_AT_PROXY}/recommendations`);
    expect(consoleErrors).toEqual([]);
    await visitor.close();
  });
});
