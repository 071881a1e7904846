import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { FAST_TIMING } from '../../market/delivery.ts';
import { type MarketServer, startMarket } from '../../market/server.ts';
import { syntheticMarket } from '../../market/synthetic.ts';
import { refused, runCommand } from './command-support.ts';

const STOOQ_KEY = 'k3y-of-stooq';

let server: MarketServer;
let env: Record<string, string>;
beforeAll(async () => {
  const endDay = new Date().toISOString().slice(0, 10);
  const market = syntheticMarket({ instruments: 1, days: 40, endDay, clock: Date.now() });
  server = await startMarket({ market, stooqKey: STOOQ_KEY, timing: FAST_TIMING });
  const key = join(inject('dataDir'), 'stooq.key');
  await writeFile(key, STOOQ_KEY);
  env = {
    YAHOO_ORIGIN: server.origin,
    STOOQ_ORIGIN: server.origin,
    STOOQ_KEY_SECRET: pathToFileURL(key).href,
  };
});
afterAll(() => server.close());
beforeEach(() => server.faults.clear());

const smoke = (...args: string[]) => runCommand('smoke-providers.ts', args, { env });

test('prints the answer of each provider', async () => {
  const [symbol = ''] = server.market.symbols();
  const { code, out, error } = await smoke('--symbol', symbol);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toMatch(/│ yahoo +│ \w+ daily +│ ok +│ \d+ bars, the last at /);
  expect(out).toMatch(/│ yahoo +│ \w+ 15m +│ ok +│ \d+ bars, the last at /);
  expect(out).toMatch(
    /│ yahoo +│ \w+ description +│ ok +│ Example 1 plc, NasdaqGS, .*market cap [\d.,]+ billion/,
  );
  expect(out).toMatch(/│ stooq +│ \w+ daily +│ ok +│ \d+ bars, the last at /);
});

test('exits 1 if a provider refuses, and never shows the key', async () => {
  server.faults.add({ fault: { kind: 'proof_of_work' }, endpoint: 'stooq', times: Number.POSITIVE_INFINITY });
  const [symbol = ''] = server.market.symbols();
  const { code, out, error } = await smoke('--symbol', symbol);
  expect(code).toBe(1);
  expect(out).toMatch(/│ stooq +│ \w+ daily +│ FAILS │ provider_blocked: /);
  expect(error).toMatch(/boursomatic: 1 of 4 answers are not as expected\n$/);
  expect(out + error).not.toContain(STOOQ_KEY);
});

test('refuses a text that is not a symbol', async () => {
  const { code, out, error } = await smoke('--symbol', 'a b');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toMatch(/^boursomatic: --symbol /);
});

test('prints a refusal as a line of the table, without log records', async () => {
  server.faults.add({ fault: { kind: 'proof_of_work' }, times: Number.POSITIVE_INFINITY });
  const { out, error } = await smoke();
  expect(out + error).not.toMatch(/\{"/);
  expect(out).toMatch(/│ FAILS │ provider_blocked: /);
});

test('refuses an unknown option', async () => {
  const { code, error } = await smoke('--nope');
  expect([code, error]).toEqual([2, refused("Unknown option '--nope' (--help lists the options)").error]);
});
