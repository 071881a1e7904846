import { expect, test } from 'vitest';
import { NotCoveredError } from '../../../../functions/ingest/providers/errors.ts';
import { openProvider } from '../../../../functions/ingest/providers/open.ts';
import { useLoopbackServer } from '../../../support/loopback-server.ts';
import { fixture } from './fixtures.ts';

const stooq = useLoopbackServer();

const DAYS = { from: '2024-03-01', to: '2024-03-05' };

test.each([
  ['an interval', { symbol: 'AAPL', interval: '15m' } as const, 'AAPL: stooq has no 15-minute bars'],
  ['a market', { symbol: 'MC.PA', interval: 'daily' } as const, 'MC.PA: stooq has no market for this symbol'],
])('refuses %s that the vendor does not have, without a request', async (_, request, message) => {
  const provider = await openProvider({
    PROVIDER: 'stooq',
    STOOQ_ORIGIN: stooq.origin,
    STOOQ_KEY_SECRET: new URL(`file://${fixture('ok/stooq.key')}`).href,
  });
  const fetched = provider.fetchBars({ ...request, ...DAYS });
  await expect(fetched).rejects.toThrow(new NotCoveredError(message));
  expect(stooq.asked).toEqual([]);
});

test('refuses 15-minute bars of a file', async () => {
  const provider = await openProvider({ PROVIDER: 'csv', BARS_FILE: fixture('ok/two-symbols.csv') });
  const fetched = provider.fetchBars({ symbol: 'AAPL', interval: '15m', ...DAYS });
  await expect(fetched).rejects.toThrow(new NotCoveredError('AAPL: csv has no 15-minute bars'));
});
