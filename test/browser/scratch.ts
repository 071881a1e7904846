import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { PAGE_HEADERS } from '../../web/headers.ts';
import { findViolations } from './page-support.ts';

const OUT = '/tmp/t-page14/';
const me = {
  id: '1',
  email: 'ada@example.com',
  isAdmin: true,
  createdAt: '2026-01-01T10:00:00Z',
  preferredProfile: 'moderate',
  hasConsented: true,
  consentVersion: '2026-01-01',
  hasSecondFactor: false,
  recoveryCodesLeft: null as number | null,
  notices: [
    {
      id: 'a',
      type: 'login',
      occurredAt: '2026-11-29T13:05:00Z',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      networkAddress: '192.0.2.7',
    },
    {
      id: 'b',
      type: 'second-factor-disabled',
      occurredAt: '2026-11-28T13:05:00Z',
      userAgent: null,
      networkAddress: null,
    },
  ],
};
const codes = Array.from({ length: 10 }, (_, i) => `ABCD-EFGH-IJKL-MN${i}P`);
const problem = (status: number, kind: string) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: `/problems/${kind}`, title: kind, status, detail: 'Detail.' }),
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const width of [1440, 390])
  for (const colorScheme of ['light', 'dark'] as const) {
    me.hasSecondFactor = false;
    me.recoveryCodesLeft = null;
    let confirmed = false;
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'Europe/Brussels',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.on('console', (m) => {
      if (m.type() === 'error') console.log(m.text());
    });
    page.on('pageerror', (e) => console.log(String(e)));
    await page.addInitScript(() => localStorage.setItem('boursomatic.session', '1'));
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      const key = `${route.request().method()} ${pathname}`;
      const json = (value: unknown) => route.fulfill({ json: value });
      if (!pathname.startsWith('/v1')) {
        const file = /\.\w+$/.test(pathname) ? pathname : '/index.html';
        const type = file.endsWith('.js')
          ? 'text/javascript'
          : file.endsWith('.css')
            ? 'text/css'
            : file.endsWith('.html')
              ? 'text/html'
              : file.endsWith('.svg')
                ? 'image/svg+xml'
                : 'font/woff2';
        return route.fulfill({
          body: await readFile(`/tmp/t-page14/dist${file}`),
          contentType: type,
          headers: PAGE_HEADERS,
        });
      }
      if (pathname === '/v1/auth/refresh') return json({ accessToken: 't', expiresIn: 900 });
      if (key === 'GET /v1/me') return json(me);
      if (key === 'GET /v1/health')
        return json({ notice: 'This is sample data.', lastRun: null, modelVersion: '1' });
      if (key === 'GET /v1/me/sessions') return json({ items: [] });
      if (key === 'GET /v1/me/consents') return json({ items: [] });
      if (key === 'GET /v1/me/security-events')
        return json({
          nextCursor: 'x',
          items: ['login', 'login-refused', 'password-changed', 'second-factor-enabled'].map((type, i) => ({
            id: `${i}`,
            type,
            occurredAt: '2026-11-29T13:05:00Z',
            userAgent: me.notices[0]?.userAgent,
            networkAddress: '192.0.2.7',
          })),
        });
      if (key === 'POST /v1/auth/confirm') {
        if (!String(route.request().postData()).includes('right'))
          return route.fulfill(problem(401, 'wrong-credentials'));
        confirmed = true;
        return route.fulfill({ status: 204 });
      }
      if (key.startsWith('POST /v1/me/second-factor') && !confirmed)
        return route.fulfill(problem(403, 'confirmation-required'));
      if (key === 'POST /v1/me/second-factor')
        return route.fulfill({
          status: 201,
          json: {
            secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
            uri: 'otpauth://totp/Boursomatic:ada%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Boursomatic',
          },
        });
      if (key === 'POST /v1/me/second-factor/activate') {
        if (!String(route.request().postData()).includes('123456'))
          return route.fulfill(problem(401, 'wrong-code'));
        me.hasSecondFactor = true;
        me.recoveryCodesLeft = 10;
        return json({ recoveryCodes: codes });
      }
      return route.fulfill(problem(404, 'not-found'));
    });
    const shot = async (name: string) => {
      await page.waitForTimeout(200);
      await page.screenshot({ path: `${OUT}${name}-${width}-${colorScheme}.png`, fullPage: false });
      const v = await findViolations(page);
      if (v.length) console.log(name, width, colorScheme, v);
      console.log(
        name,
        'focus:',
        await page.evaluate(
          () => `${document.activeElement?.tagName} ${document.activeElement?.textContent?.slice(0, 40)}`,
        ),
      );
    };
    await page.goto('http://page.test/settings#security');
    await page.getByText('Two-step sign-in turned on').waitFor();
    await page.locator('#security').scrollIntoViewIfNeeded();
    await shot('security');
    await page.getByRole('button', { name: 'Turn on two-step sign-in' }).click();
    await page.getByText('Enter your password to continue').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('This is not your password').waitFor();
    await shot('confirm');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForTimeout(200);
    await shot('cancelled');
    await page.getByRole('button', { name: 'Turn on two-step sign-in' }).click();
    await page.getByLabel('Password', { exact: true }).fill('right');
    await page.keyboard.press('Enter');
    await page.getByText('Add this account in the app').waitFor();
    await shot('set-up');
    await page.getByLabel('Enter the six digits').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('This code is wrong').waitFor();
    await shot('set-up-wrong');
    await page.getByLabel('Enter the six digits').fill('123456');
    await page.keyboard.press('Enter');
    await page.getByText('save your recovery codes').waitFor();
    await shot('codes');
    await page.getByRole('button', { name: 'I have saved them' }).click();
    await page.getByText('10 of 10').waitFor();
    await shot('on');
    await page.getByRole('button', { name: 'Make new recovery' }).click();
    await page.getByRole('button', { name: 'Make new codes' }).waitFor();
    await shot('new-codes');
    await context.close();
  }
await browser.close();
