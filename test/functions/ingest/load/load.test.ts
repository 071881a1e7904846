import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadBatch } from '../../../../functions/ingest/load/load.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { openObjects } from '../../../../functions/shared/objects.ts';
import { useStore } from '../store-support.ts';
import {
  backlog,
  bar,
  batchOf,
  checksum,
  failures,
  quarantined,
  RUN,
  rawBar,
  seedBars,
  seedRun,
  storedBars,
  week,
  writeFailed,
  writeFetched,
} from '../support.ts';

const store = useStore({ instruments: ['AAPL', 'IBM', 'MSFT'], partitions: ['2026-01-01', '2026-12-31'] });
const { db } = store;

beforeEach(() => seedRun(db.sql, RUN, 3));

const batch = batchOf({ batch: 4, symbols: ['AAPL', 'IBM', 'MSFT'] });
const load = (client = store.sql) => loadBatch(batch, client, store.objects);

async function writeWeek(): Promise<void> {
  await writeFetched(store.objects, 'AAPL', week(100, 101, 102, 103, 104));
  await writeFetched(store.objects, 'IBM', week(200, 201, 202));
  await writeFetched(store.objects, 'MSFT', week(300));
}

async function countedBars(): Promise<number> {
  const [run] = await db.sql<{ bars: number }[]>`SELECT bars FROM pipeline_runs WHERE id = ${RUN}`;
  return defined(run, 'run').bars;
}

describe('storing bars', () => {
  test('writes the bars of the batch, counts them and marks the first of each instrument', async () => {
    await writeWeek();
    expect(await load()).toEqual({ batch: 4, bars: 9, failed: 0, restated: [] });
    expect(await storedBars(db.sql)).toEqual([
      'AAPL 2026-03-02 100 101 99 100 1000',
      'AAPL 2026-03-03 101 102 100 101 1000',
      'AAPL 2026-03-04 102 103 101 102 1000',
      'AAPL 2026-03-05 103 104 102 103 1000',
      'AAPL 2026-03-06 104 105 103 104 1000',
      'IBM 2026-03-02 200 201 199 200 1000',
      'IBM 2026-03-03 201 202 200 201 1000',
      'IBM 2026-03-04 202 203 201 202 1000',
      'MSFT 2026-03-02 300 301 299 300 1000',
    ]);
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-03-02', 'IBM 2026-03-02', 'MSFT 2026-03-02']);
    expect(await countedBars()).toBe(9);
  });

  test('keeps every bit of a price', async () => {
    const close = 100 + 1 / 3;
    await writeFetched(store.objects, 'AAPL', [rawBar('2026-03-02', close, { v: 0.1 + 0.2 })]);
    await load();
    const [stored] = await db.sql<{ c: number; v: number }[]>`SELECT c, v FROM price_bars`;
    expect(stored).toEqual({ c: close, v: 0.1 + 0.2 });
  });

  test('writes and counts nothing when a batch is loaded again', async () => {
    await writeWeek();
    await writeFailed(store.objects, 'MSFT', { reason: 'timeout', message: 'm' });
    await load();
    const before = await checksum(db.sql);
    expect(await load()).toEqual({ batch: 4, bars: 0, failed: 1, restated: [] });
    expect(await checksum(db.sql)).toBe(before);
    expect(await countedBars()).toBe(8);
  });

  test('updates a corrected close and marks the first changed bar', async () => {
    await writeWeek();
    await load();
    await db.sql`DELETE FROM feature_backlog`;
    await writeFetched(store.objects, 'AAPL', week(100, 101, 102.5, 103, 104.5));
    expect((await load()).bars).toBe(2);
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-03-04']);
    expect((await storedBars(db.sql)).slice(1, 5)).toEqual([
      'AAPL 2026-03-03 101 102 100 101 1000',
      'AAPL 2026-03-04 102.5 103.5 101.5 102.5 1000',
      'AAPL 2026-03-05 103 104 102 103 1000',
      'AAPL 2026-03-06 104.5 105.5 103.5 104.5 1000',
    ]);
    expect(await countedBars()).toBe(11);
  });

  test('marks an instrument for Score when a return over stored bars changes, and not for its next bar', async () => {
    const marked = () =>
      db.sql`
        SELECT i.symbol, to_char(k.changed_from, 'YYYY-MM-DD') AS day
        FROM outcome_backlog k JOIN instruments i ON i.id = k.instrument_id ORDER BY 1`;
    await writeFetched(store.objects, 'AAPL', week(100, 101));
    await load();
    await writeFetched(store.objects, 'AAPL', week(100, 101, 102, 103));
    await load();
    expect([...(await marked())]).toEqual([]);
    const halved = (...closes: number[]) =>
      week(...closes).map(([ts, o, h, l, c, v]): RawBar => [ts, o / 2, h / 2, l / 2, c / 2, v]);
    // After a split, with the next bar.
    await writeFetched(store.objects, 'AAPL', halved(100, 101, 102, 103, 104));
    expect(await load()).toMatchObject({ bars: 5 });
    expect([...(await marked())]).toEqual([]);
    await writeFetched(store.objects, 'AAPL', halved(100, 101, 102.5, 103, 104));
    await load();
    expect([...(await marked())]).toEqual([{ symbol: 'AAPL', day: '2026-03-04' }]);
  });

  test('loads new and known instruments in one batch', async () => {
    await seedBars(db.sql, store.id('IBM'), [bar('2026-02-27', 199), bar('2026-03-02', 200)]);
    await writeWeek();
    expect(await load()).toEqual({ batch: 4, bars: 8, failed: 0, restated: [] });
    expect(await storedBars(db.sql)).toHaveLength(10);
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-03-02', 'IBM 2026-03-03', 'MSFT 2026-03-02']);
  });

  test('keeps an earlier mark and moves a later one back', async () => {
    await db.sql`INSERT INTO feature_backlog VALUES (${store.id('AAPL')}, '2026-01-05'), (${store.id('IBM')}, '2026-03-06')`;
    await writeWeek();
    await load();
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-01-05', 'IBM 2026-03-02', 'MSFT 2026-03-02']);
  });

  test('stores each bar once when two loads of a batch run concurrently', async () => {
    await writeWeek();
    await writeFailed(store.objects, 'MSFT', { reason: 'timeout', message: 'm' });
    const results = await Promise.all([load(), load(db.client('pipeline'))]);
    expect(results.map(({ bars }) => bars).sort()).toEqual([0, 8]);
    expect(await storedBars(db.sql)).toHaveLength(8);
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-03-02', 'IBM 2026-03-02']);
    expect(await failures(db.sql)).toEqual(['MSFT fetch timeout']);
    expect(await countedBars()).toBe(8);
  });

  test('stores the description of an instrument along with its bars', async () => {
    const listing = {
      symbol: 'AAPL',
      exchange: 'NASDAQ',
      name: 'Apple Inc.',
      currency: 'USD',
      marketCap: 3e12,
      trailingPe: 30,
    };
    await writeFetched(store.objects, 'AAPL', week(100, 101, 102), { listing });
    await load();
    const [row] = await db.sql`
      SELECT exchange, name, market_cap_bucket, pe_bucket FROM instruments WHERE symbol = 'AAPL'`;
    expect(row).toEqual({
      exchange: 'NASDAQ',
      name: 'Apple Inc.',
      market_cap_bucket: 'large',
      pe_bucket: 'high',
    });
  });

  test('stores 15-minute bars without marks, because features are daily', async () => {
    await db.sql`SELECT ensure_partitions('15m', '2026-03-01', '2026-03-31')`;
    const bars = [rawBar('2026-03-02', 100, { ts: Date.parse('2026-03-02T14:30:00Z') })];
    await writeFetched(store.objects, 'AAPL', bars, { interval: '15m' });
    await loadBatch({ ...batch, symbols: ['AAPL'], interval: '15m' }, store.sql, store.objects);
    const [stored] = await db.sql`SELECT ts, interval FROM price_bars`;
    expect(stored).toEqual({ ts: new Date('2026-03-02T14:30:00Z'), interval: '15m' });
    expect(await backlog(db.sql)).toEqual([]);
  });
});

describe('an instrument that fails', () => {
  beforeEach(writeWeek);

  const message = async () => {
    const [row] = await db.sql<{ message: string }[]>`SELECT message FROM pipeline_failures`;
    return row?.message;
  };

  test('stores its other bars when its last one is bad, and loads the other instruments', async () => {
    await writeFetched(store.objects, 'IBM', [...week(200, 201), rawBar('2026-03-04', 202, { h: 150 })]);
    expect(await load()).toEqual({ batch: 4, bars: 8, failed: 1, restated: [] });
    expect(await failures(db.sql)).toEqual(['IBM load ohlc_order']);
    expect(await message()).toBe(
      'bar 2026-03-04T00:00: open 202 or close 202 is outside low 201 to high 150',
    );
    expect(await quarantined(db.sql)).toEqual(['IBM 2026-03-04 202 ohlc_order']);
  });

  test('stores none of its bars when their order is wrong', async () => {
    await writeFetched(store.objects, 'IBM', week(200, 201, 202).reverse());
    expect(await load()).toEqual({ batch: 4, bars: 6, failed: 1, restated: [] });
    expect(await failures(db.sql)).toEqual(['IBM load not_ascending']);
    expect((await storedBars(db.sql)).filter((line) => line.startsWith('IBM'))).toEqual([]);
    expect(await backlog(db.sql)).toEqual(['AAPL 2026-03-02', 'MSFT 2026-03-02']);
  });

  test('keeps a bar without prices in quarantine', async () => {
    await writeFetched(store.objects, 'IBM', [rawBar('2026-03-02', Number.NaN)]);
    expect(await load()).toEqual({ batch: 4, bars: 6, failed: 1, restated: [] });
    expect(await failures(db.sql)).toEqual(['IBM load no_adjusted_close']);
    expect(await quarantined(db.sql)).toEqual(['IBM 2026-03-02 no_adjusted_close']);
  });

  test('keeps the step and the message of a failure in Fetch', async () => {
    await writeFailed(store.objects, 'IBM', { reason: 'not_found', message: 'IBM: no such' });
    expect((await load()).failed).toBe(1);
    expect(await failures(db.sql)).toEqual(['IBM fetch not_found']);
    expect(await message()).toBe('IBM: no such');
    const [row] = await db.sql`SELECT instrument_id FROM pipeline_failures`;
    expect(row?.instrument_id).toBe(store.id('IBM'));
  });

  test('fails when Fetch left no record', async () => {
    await loadBatch(
      { ...batch, runId: RUN, symbols: ['AAPL'] },
      store.sql,
      openObjects(pathToFileURL(`${db.objects}/none/`).href),
    );
    expect(await failures(db.sql)).toEqual(['AAPL load raw_missing']);
  });

  test('fails when it was deactivated after planning', async () => {
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'IBM'`;
    expect(await load()).toEqual({ batch: 4, bars: 6, failed: 1, restated: [] });
    expect(await failures(db.sql)).toEqual(['IBM load inactive']);
  });

  test('fails without any bars, but not when only new bars are missing', async () => {
    await writeFetched(store.objects, 'IBM', []);
    await load();
    expect(await failures(db.sql)).toEqual(['IBM fetch no_bars']);
    expect(await message()).toBe('csv has no bars from 2026-03-02 to 2026-03-06');
    await seedBars(db.sql, store.id('IBM'), [bar('2026-02-27', 199)]);
    expect((await load()).failed).toBe(0);
    expect(await failures(db.sql)).toEqual([]);
  });

  test('clears its failure when a retry loads a corrected record', async () => {
    await writeFetched(store.objects, 'IBM', week(200, -1));
    await load();
    expect(await failures(db.sql)).toEqual(['IBM load non_positive']);
    await writeFetched(store.objects, 'IBM', week(200, 201));
    expect(await load()).toEqual({ batch: 4, bars: 1, failed: 0, restated: [] });
    expect(await failures(db.sql)).toEqual([]);
    expect(await countedBars()).toBe(8);
  });

  test('replaces its failure when a retry fails for another reason', async () => {
    await writeFetched(store.objects, 'IBM', week(-1));
    await load();
    await writeFailed(store.objects, 'IBM', { reason: 'timeout', message: 'm' });
    await load();
    expect(await failures(db.sql)).toEqual(['IBM fetch timeout']);
  });
});
