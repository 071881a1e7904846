import { describe, expect, test } from 'vitest';
import { readCurrency } from '../../functions/shared/currencies.ts';
import { startSynthetic, yahooClient } from './support.ts';

const MODULES = ['assetProfile', 'price', 'summaryDetail', 'quoteType'] as const;

describe('quote summary', () => {
  test('passes the schema of yahoo-finance2 after a cookie and a crumb', async () => {
    const server = await startSynthetic();
    const client = yahooClient(server);
    for (const symbol of server.market.symbols()) {
      const { assetProfile, price, summaryDetail } = await client.quoteSummary(symbol, {
        modules: [...MODULES],
      });
      const listing = {
        symbol: price?.symbol,
        exchange: price?.exchangeName,
        name: price?.longName,
        sector: assetProfile?.sector,
        currency: readCurrency(price?.currency ?? '')?.currency,
        marketCap: price?.marketCap,
        ...(summaryDetail?.trailingPE !== undefined && { trailingPe: summaryDetail.trailingPE }),
      };
      expect(listing).toEqual(server.market.listing(symbol));
    }
    expect(server.requests.map(({ endpoint }) => endpoint)).toEqual([
      'cookie',
      'crumb',
      ...server.market.symbols().map(() => 'quote_summary'),
    ]);
    // The fourth makes a loss.
    expect(server.market.listing('9004.T')).not.toHaveProperty('trailingPe');
  });

  test('follows the questions of consent where they are enabled', async () => {
    const server = await startSynthetic();
    server.login.consent = true;
    const { price } = await yahooClient(server).quoteSummary('US001', { modules: ['price'] });
    expect(price?.symbol).toBe('US001');
    expect(server.requests.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      'GET /quote/AAPL 307',
      'GET /consent 302',
      'GET /v2/collectConsent 200',
      'POST /v2/collectConsent 302',
      'GET /copyConsent 302',
      'GET /quote/AAPL 200',
      'GET /v1/test/getcrumb 200',
      'GET /v10/finance/quoteSummary/US001 200',
    ]);
  });

  test('has the requested modules', async () => {
    const server = await startSynthetic();
    const summary = await yahooClient(server).quoteSummary('US001', { modules: ['price'] });
    expect(Object.keys(summary)).toEqual(['price']);
  });
});

describe('cookies and crumb', () => {
  const summary = '/v10/finance/quoteSummary/US001?modules=price&formatted=false&crumb=';
  const unauthorized = (description: string) => ({
    finance: { result: null, error: { code: 'Unauthorized', description } },
  });

  test('are both required', async () => {
    const { origin, login } = await startSynthetic();
    const noCookie = await fetch(origin + summary + login.crumb);
    expect([noCookie.status, await noCookie.json()]).toEqual([401, unauthorized('Invalid Cookie')]);
    const noCookieCrumb = await fetch(`${origin}/v1/test/getcrumb`);
    expect([noCookieCrumb.status, await noCookieCrumb.json()]).toEqual([401, unauthorized('Invalid Cookie')]);

    // fc.yahoo.com answers with an error, and with cookies.
    const first = await fetch(`${origin}/`);
    expect(first.status).toBe(404);
    const set = first.headers.getSetCookie();
    expect(set.find((cookie) => cookie.startsWith('A3='))).toMatch(
      /; Domain=\.yahoo\.com; Path=\/;.*Secure; HttpOnly$/,
    );
    const cookie = set.map((line) => line.split(';', 1)[0]).join('; ');
    const crumb = await (await fetch(`${origin}/v1/test/getcrumb`, { headers: { cookie } })).text();
    expect(crumb).toMatch(/^[0-9a-z]{11}$/);
    const wrong = await fetch(`${origin}${summary}wrong`, { headers: { cookie } });
    expect([wrong.status, await wrong.json()]).toEqual([401, unauthorized('Invalid Crumb')]);
    expect((await fetch(origin + summary + crumb, { headers: { cookie } })).status).toBe(200);

    login.expire();
    expect((await fetch(origin + summary + crumb, { headers: { cookie } })).status).toBe(401);
    const renewed = await (await fetch(`${origin}/v1/test/getcrumb`, { headers: { cookie } })).text();
    expect(renewed).not.toBe(crumb);
    expect((await fetch(origin + summary + renewed, { headers: { cookie } })).status).toBe(200);
    const unknown = await fetch(origin + summary.replace('US001', 'NONE') + renewed, { headers: { cookie } });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({
      quoteSummary: {
        result: null,
        error: { code: 'Not Found', description: 'Quote not found for symbol: NONE' },
      },
    });
  });
});
