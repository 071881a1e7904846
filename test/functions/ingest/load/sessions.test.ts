import { describe, expect, test } from 'vitest';
import { plannedInstruments } from '../../../../functions/ingest/plan/instruments.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { DAY_MS } from '../../../../functions/shared/days.ts';
import { closes, FIRST_RUN, FRIDAY, history, useRunner } from '../history-support.ts';
import { at, failures, notes, seedInstruments } from '../support.ts';

const { db, runner } = useRunner(['AAPL', 'IBM', 'MSFT']);

describe('sessions derived from other instruments', () => {
  const holiday = '2026-03-03';
  const some = (symbol: string, gone: string[], until = FRIDAY) =>
    runner.fetch(
      FIRST_RUN,
      symbol,
      history(until).filter(([ts]) => !gone.map(at).includes(ts)),
    );

  test('note a missing session but no holiday', async () => {
    await some('AAPL', [holiday]);
    await some('IBM', [holiday]);
    await some('MSFT', [holiday, '2026-02-04']);
    await runner.load(FIRST_RUN, ['AAPL', 'IBM', 'MSFT']);
    expect(await notes(db.sql, 'first')).toEqual(['MSFT gap']);
  });

  test('fail an instrument that lags by more than two sessions, and store its bars', async () => {
    await some('AAPL', []);
    await some('IBM', []);
    await some('MSFT', [], '2026-03-03');
    expect(await runner.load(FIRST_RUN, ['AAPL', 'IBM', 'MSFT'])).toMatchObject({ failed: 1 });
    expect(await failures(db.sql, 'first')).toEqual(['MSFT load stale']);
    expect([...(await closes(db.sql, 'MSFT')).keys()].at(-1)).toBe('2026-03-03');
  });

  test('come from stored bars where an instrument is alone in its batch', async () => {
    await some('AAPL', [holiday]);
    await some('IBM', [holiday]);
    await runner.load(FIRST_RUN, ['AAPL', 'IBM']);
    await some('MSFT', [holiday, '2026-02-04', '2026-02-05']);
    await runner.load(FIRST_RUN, ['MSFT']);
    const [row] = await db.sql<{ notes: object }[]>`
      SELECT f.notes FROM instrument_fetches f JOIN instruments i ON i.id = f.instrument_id WHERE i.symbol = 'MSFT'`;
    expect(row?.notes).toEqual([
      {
        reason: 'gap',
        message: '2 sessions are missing, the first between 2026-02-03 and 2026-02-06',
        gaps: ['2026-02-03'],
      },
    ]);
  });

  test('come from stored bars where the batch has only one other instrument', async () => {
    await seedInstruments(db.sql, ['ORCL']);
    // Older than the sample of a batch with enough instruments of its own.
    await some('AAPL', []);
    await some('IBM', []);
    await runner.load(FIRST_RUN, ['AAPL', 'IBM']);
    await some('MSFT', ['2025-01-15']);
    await some('ORCL', []);
    await runner.load(FIRST_RUN, ['MSFT', 'ORCL']);
    expect(await notes(db.sql, 'first')).toEqual(['MSFT gap']);
  });

  test('come from instruments of the same exchange and symbol suffix', async () => {
    await db.sql`UPDATE instruments SET exchange = 'NYSE' WHERE symbol = 'IBM'`;
    await db.sql`INSERT INTO instruments (symbol) VALUES ('7203.T')`;
    await some('AAPL', []);
    await some('MSFT', []);
    await some('IBM', [], '2026-02-27');
    await some('7203.T', [], '2026-02-27');
    expect(await runner.load(FIRST_RUN, ['AAPL', 'MSFT', 'IBM', '7203.T'])).toMatchObject({ failed: 0 });
    expect(await notes(db.sql, 'first')).toEqual([]);
  });

  test('come from stored instruments of the same symbol suffix', async () => {
    await db.sql`INSERT INTO instruments (symbol) VALUES ('7203.T')`;
    await some('AAPL', []);
    await some('IBM', []);
    await runner.load(FIRST_RUN, ['AAPL', 'IBM']);
    await some('7203.T', [], '2026-02-27');
    expect(await runner.load(FIRST_RUN, ['7203.T'])).toMatchObject({ failed: 0 });
    await some('MSFT', [], '2026-02-27');
    expect(await runner.load(FIRST_RUN, ['MSFT'])).toMatchObject({ failed: 1 });
  });

  test('ignore malformed series', async () => {
    await some('AAPL', []);
    const weekend = [at('2026-02-21'), at('2026-02-22')];
    for (const symbol of ['IBM', 'MSFT']) {
      const bars = weekend.map((ts): RawBar => [ts, 1, 1, 1, 2, 1]);
      await runner.fetch(FIRST_RUN, symbol, bars);
    }
    expect(await runner.load(FIRST_RUN, ['AAPL', 'IBM', 'MSFT'])).toMatchObject({ failed: 2 });
    expect(await failures(db.sql, 'first')).toEqual(['IBM load ohlc_order', 'MSFT load ohlc_order']);
    expect(await notes(db.sql, 'first')).toEqual([]);
  });

  test('come from instruments that trade on the same days of the week, half of them every day', async () => {
    const coins = ['BTC-USD', 'ETH-USD', 'DOGE-USD'];
    await seedInstruments(db.sql, coins);
    const everyDay = (gone: string[] = []) => {
      const days = Array.from({ length: 60 }, (_, i) => at('2026-03-05') - (59 - i) * DAY_MS);
      return days
        .filter((ts) => !gone.map(at).includes(ts))
        .map((ts, i): RawBar => [ts, 100 + (i % 3), 103, 99, 100 + (i % 2), 1000 + i]);
    };
    for (const symbol of ['AAPL', 'IBM', 'MSFT']) await some(symbol, symbol === 'MSFT' ? ['2026-02-04'] : []);
    for (const symbol of coins) {
      await runner.fetch(FIRST_RUN, symbol, everyDay(symbol === 'ETH-USD' ? ['2026-02-21'] : []));
    }
    const all = ['AAPL', 'IBM', 'MSFT', ...coins];
    expect(await runner.load(FIRST_RUN, all)).toMatchObject({ failed: 0 });
    expect(await notes(db.sql, 'first')).toEqual(['ETH-USD gap', 'MSFT gap']);
    const planned = await plannedInstruments(db.sql, undefined, {
      interval: 'daily',
      asOf: FRIDAY,
      now: new Date(FRIDAY),
    });
    const gaps = planned.flatMap(({ symbol, gapDay }) => (gapDay === null ? [] : [`${symbol} ${gapDay}`]));
    expect(gaps).toEqual(['ETH-USD 2026-02-20', 'MSFT 2026-02-03']);
  });

  test('of the stored instruments are those of the same days of the week', async () => {
    const coins = ['ADA-USD', 'BTC-USD', 'ETH-USD'];
    await seedInstruments(db.sql, coins);
    const days = Array.from({ length: 30 }, (_, i) => at('2026-03-05') - (29 - i) * DAY_MS);
    for (const symbol of coins) {
      const bars = days.map((ts, i): RawBar => [ts, 100, 103, 99, 100 + (i % 2), 1000 + i]);
      await runner.fetch(FIRST_RUN, symbol, bars);
    }
    await runner.load(FIRST_RUN, coins);
    await some('MSFT', []);
    expect(await runner.load(FIRST_RUN, ['MSFT'])).toMatchObject({ failed: 0 });
    expect(await notes(db.sql, 'first')).toEqual([]);
  });
});
