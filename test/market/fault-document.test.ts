import { describe, expect, test } from 'vitest';
import { changed, charts, lines, quote } from './fault-support.ts';
import { type Chart, chartPath, fetchSummary, startSynthetic, yahooClient } from './support.ts';

describe('answers without rows', () => {
  test.each([
    ['null', { chart: { result: null, error: null } }],
    ['list', { chart: { result: [], error: null } }],
    ['no_timestamps', { chart: { result: [{ indicators: { quote: [{}], adjclose: [{}] } }], error: null } }],
  ] as const)('of a chart: %s', async (form, body) => {
    const server = await startSynthetic();
    server.faults.add({ fault: { kind: 'empty', form } });
    const response = await fetch(server.origin + chartPath({ symbol: 'US001' }));
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject(body);
    expect(text).not.toContain('timestamp"');
  });

  test('empties a quote summary and a CSV', async () => {
    const server = await startSynthetic();
    for (const [form, result] of [
      ['null', null],
      ['list', []],
      ['no_timestamps', [{}]],
    ] as const) {
      server.faults.add({ fault: { kind: 'empty', form }, endpoint: 'quote_summary' });
      expect(await fetchSummary(server, 'US001', 'price')).toEqual({ quoteSummary: { result, error: null } });
    }
    expect((await lines(server, { kind: 'empty', form: 'null' })).bad).toEqual(['']);
    const { bad } = await lines(server, { kind: 'empty', form: 'no_timestamps' });
    expect(bad.filter(Boolean)).toEqual(['Date,Open,High,Low,Close,Volume']);
  });
});

describe('answers of another form', () => {
  test('adds unknown fields', async () => {
    const { server, good, bad } = await charts({ kind: 'extra_fields' });
    expect(Object.keys(bad).length).toBeGreaterThan(Object.keys(good).length);
    expect(Object.keys(bad.meta)).toContain('lunarPhase');
    expect(Object.keys(quote(bad))).toContain('vwap');
    expect(changed(good, bad)).toEqual([]);
    server.faults.add({ fault: { kind: 'extra_fields' }, times: 2 });
    const query = { period1: '2026-02-02', interval: '1d' } as const;
    await expect(yahooClient(server).chart('US001', query)).resolves.toBeDefined();
    await expect(yahooClient(server).quoteSummary('US001', { modules: ['price'] })).resolves.toMatchObject({
      price: { lunarPhase: 'waxing' },
    });
    const csv = await lines(server, { kind: 'extra_fields' });
    expect(csv.bad[0]).toBe('Date,Open,High,Low,Close,Volume,OpenInt');
    expect(csv.bad[1]).toBe(`${csv.good[1]},`);
  });

  test('leaves out fields', async () => {
    const without = async (
      field: 'adjclose' | 'exchangeTimezoneName' | 'currentTradingPeriod' | 'close' | 'volume',
    ) => (await charts({ kind: 'missing_field', field })).bad;
    expect((await without('adjclose')).indicators).not.toHaveProperty('adjclose');
    expect((await without('exchangeTimezoneName')).meta).not.toHaveProperty('exchangeTimezoneName');
    expect((await without('currentTradingPeriod')).meta).not.toHaveProperty('currentTradingPeriod');
    expect(quote(await without('close'))).not.toHaveProperty('close');
    expect(quote(await without('volume'))).not.toHaveProperty('volume');
    const server = await startSynthetic();
    expect((await lines(server, { kind: 'missing_field' })).bad[0]).toBe('Date,Open,High,Low,Close');
    server.faults.add({ fault: { kind: 'missing_field' }, endpoint: 'quote_summary' });
    const summary = yahooClient(server).quoteSummary('US001', { modules: ['price', 'assetProfile'] });
    expect(Object.keys(await summary)).toEqual(['price']);
  });

  test('shortens a column', async () => {
    const { server, good, bad } = await charts({ kind: 'unequal_columns', column: 'volume' });
    expect(quote(bad).volume).toEqual(quote(good).volume.slice(0, -1));
    expect(quote(bad).close).toEqual(quote(good).close);
    const csv = await lines(server, { kind: 'unequal_columns' });
    expect(csv.bad.at(-2)?.split(',')).toHaveLength(5);
  });

  test.each([5, -5])('moves the clock by %i hours', async (hours) => {
    const { server, good, bad } = await charts({ kind: 'clock_skew', hours });
    const period = ({ meta }: Chart) => meta.currentTradingPeriod.regular.start;
    expect(period(bad) - period(good)).toBe(hours * 3600);
    server.faults.add({ fault: { kind: 'clock_skew', hours } });
    const { headers } = await fetch(server.origin + chartPath({ symbol: 'US001' }));
    expect(Date.parse(headers.get('date') ?? '') - server.market.now()).toBe(hours * 3_600_000);
  });
});
