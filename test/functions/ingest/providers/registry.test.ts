import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { vendorsOf } from '../../../../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../../../../functions/ingest/providers/registry.ts';
import { fixture, SAMPLE } from './fixtures.ts';

const FOLDER = new URL('../../../../functions/ingest/providers/', import.meta.url);

/** Values for every variable of the providers that come with the project. */
const KEY = new URL(`file://${fixture('ok/stooq.key')}`).href;
const VALUES = {
  BARS_FILE: SAMPLE,
  STOOQ_KEY_SECRET: KEY,
  ALPACA_KEY_SECRET: new URL(`file://${fixture('ok/alpaca.key')}`).href,
  TIINGO_KEY_SECRET: KEY,
  MASSIVE_KEY_SECRET: KEY,
};

test('lists the provider of every folder, once', async () => {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(PROVIDERS.map(({ name }) => name).sort()).toEqual(folders.sort());
});

test.each(vendorsOf(PROVIDERS))('maps symbols to $title and back, or does not have them', ({ symbols }) => {
  const codes = ['AAPL', 'BRK-B', 'VOD.L', '0700.HK', '^GSPC', 'EURUSD=X', 'BTC-USD'].map((symbol) => {
    const code = symbols.toVendor(symbol);
    if (code !== undefined) expect(symbols.fromVendor(code)).toBe(symbol);
    return code;
  });
  expect(codes.slice(0, 2)).not.toContain(undefined);
});

test.each(vendorsOf(PROVIDERS))(
  'opens $title with the capabilities that its descriptor states',
  async (vendor) => {
    const { name, fetchMany, describe } = await vendor.open(VALUES, vendor.policy);
    expect(name).toBe(vendor.name);
    expect(fetchMany !== undefined).toBe(vendor.capabilities.symbolsPerRequest > 1);
    expect(describe !== undefined).toBe(vendor.capabilities.listing.length > 0);
  },
);

test('loads no client and no SDK when it is imported', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(new URL('registry.ts', FOLDER).href)});
    console.log(loaded.join('\\n'));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const loaded = stdout.trim().split('\n');
  expect(loaded).toContain(new URL('yahoo/descriptor.ts', FOLDER).href);
  expect(loaded.filter((url) => /node_modules\/(?!zod\/)|-provider\.ts$/.test(url))).toEqual([]);
});
