import { beforeEach, expect, test } from 'vitest';
import { addDays, toDay } from '../../../functions/shared/days.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { followedMarkets } from '../../../local/schedule/followed-markets.ts';
import { seedBars, seedInstruments } from '../../functions/infer/support.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
beforeEach(async () => {
  await db.sql`TRUNCATE instruments CASCADE`;
});

async function followed() {
  const { markets, unknown } = await followedMarkets(db.client('pipeline'));
  return { markets: markets.map(({ name }) => name).sort(), unknown };
}

test('finds no market without instruments', async () => {
  expect(await followed()).toEqual({ markets: [], unknown: [] });
});

test('names each market of the instruments once', async () => {
  await seedInstruments(db.sql, ['AAPL', 'MSFT', 'MC.PA', 'OR.PA', 'SAP.DE']);
  expect(await followed()).toEqual({ markets: ['Frankfurt', 'New York', 'Paris'], unknown: [] });
});

test('leaves out inactive instruments, the reference and the benchmark', async () => {
  await seedInstruments(db.sql, ['MC.PA', 'AAPL', 'VOD.L', '^GSPC', 'SAP.DE']);
  await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'AAPL'`;
  await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'VOD.L'`;
  await db.sql`UPDATE instruments SET purpose = 'benchmark', is_benchmark = true WHERE symbol = '^GSPC'`;
  await db.sql`UPDATE instruments SET purpose = 'both' WHERE symbol = 'SAP.DE'`;
  expect(await followed()).toEqual({ markets: ['Frankfurt', 'Paris'], unknown: [] });
});

test('follows symbols of unknown exchanges as American ones, and names them', async () => {
  await seedInstruments(db.sql, ['ABC.XYZ', 'MC.PA']);
  expect(await followed()).toEqual({ markets: ['New York', 'Paris'], unknown: ['ABC.XYZ'] });
});

test('recognises by its latest bars what trades on Saturdays and Sundays', async () => {
  const [bitcoin, stock, special] = await seedInstruments(db.sql, ['BTC-USD', 'AAPL', 'TCS.NS']);
  const days = Array.from({ length: 20 }, (_, i) => addDays(toDay(new Date()), -i));
  const weekdays = days.filter((day) => ![0, 6].includes(new Date(day).getUTCDay()));
  const store = (id: string | undefined, of: string[]) =>
    seedBars(
      db.sql,
      defined(id, 'instrument'),
      of.map((day) => ({ day, close: 100 })),
    );
  await store(bitcoin, days);
  await store(stock, weekdays);
  // Mumbai opens on the Saturday of a budget.
  const saturday = days.filter((day) => new Date(day).getUTCDay() === 6).slice(0, 1);
  await store(special, [...weekdays, ...saturday]);
  expect(await followed()).toEqual({
    markets: ['Mumbai', 'New York', 'the market that trades every day'],
    unknown: [],
  });
});
