import { describe, expect, test } from 'vitest';
import { chartPath, fetchChart, startSynthetic } from './support.ts';
import { LONDON } from './trading-hours.ts';

describe("Yahoo's refusals", () => {
  const refusal = async (path: string) => {
    const server = await startSynthetic({ days: 100 });
    const response = await fetch(server.origin + path);
    const { chart } = (await response.json()) as { chart: { result: null; error: object } };
    expect(chart.result).toBeNull();
    return [response.status, chart.error];
  };

  test('refuses an unknown symbol', async () => {
    const error = { code: 'Not Found', description: 'No data found, symbol may be delisted' };
    expect(await refusal(chartPath({ symbol: 'NONE' }))).toEqual([404, error]);
  });

  test('refuses 15-minute bars older than sixty days', async () => {
    const [status, error] = await refusal(
      chartPath({ symbol: 'US001', interval: '15m', from: '2026-01-30' }),
    );
    expect(status).toBe(422);
    expect(error).toEqual({
      code: 'Unprocessable Entity',
      description:
        '15m data not available for startTime=1769731200 and endTime=4102444800. ' +
        'The requested range must be within the last 60 days.',
    });
  });

  test('refuses a span without a session', async () => {
    const error = {
      code: 'Bad Request',
      description: "Data doesn't exist for startDate = 1774656000, endDate = 1774828800",
    };
    const weekend = { from: '2026-03-28', to: '2026-03-30' };
    expect(await refusal(chartPath({ symbol: 'US001', ...weekend }))).toEqual([400, error]);
    expect(await refusal(chartPath({ symbol: 'US001', interval: '15m', ...weekend }))).toEqual([400, error]);
  });

  test('refuses unknown intervals and reversed spans', async () => {
    const path = chartPath({ symbol: 'US001' }).replace('interval=1d', 'interval=7m');
    const [status, error] = await refusal(path);
    expect([status, error]).toMatchObject([400, { description: expect.stringContaining('interval=7m') }]);
    expect(await refusal(chartPath({ symbol: 'US001', to: '1999-01-01' }))).toMatchObject([400, {}]);
  });
});

test('describes an exchange as Yahoo does', async () => {
  const server = await startSynthetic();
  const { meta } = await fetchChart(server, { symbol: 'LN003.L' });
  expect(meta).toMatchObject({
    currency: 'GBp',
    symbol: 'LN003.L',
    exchangeName: LONDON.code,
    fullExchangeName: 'LSE',
    instrumentType: 'EQUITY',
    gmtoffset: 3600,
    timezone: 'BST',
    exchangeTimezoneName: 'Europe/London',
    dataGranularity: '1d',
  });
  const response = await fetch(server.origin + chartPath({ symbol: 'LN003.L' }));
  expect(response.headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(response.headers.get('date')).toBe(new Date(server.market.now()).toUTCString());
});
