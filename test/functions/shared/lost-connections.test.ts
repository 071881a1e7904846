import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyRows } from '../../../functions/shared/copy.ts';
import { connect, type Sql } from '../../../functions/shared/database.ts';
import { CommitOutcomeUnknownError } from '../../../functions/shared/errors.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { readDatabaseSecret } from '../../../functions/shared/secrets.ts';
import { type CuttingProxy, type Ending, startCuttingProxy } from '../../support/cutting-proxy.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
const ENDINGS: Ending[] = ['close', 'reset'];
const numbers = (sql: Sql, count: number) => sql`SELECT n FROM generate_series(1, ${count}::int) AS n`;
const listOf = (count: number) => Array.from({ length: count }, (_, i) => ({ n: i + 1 }));

/** Fails a test whose promise never settles, sooner than the test's own limit and with a clearer message. */
async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const never = wait(5_000, undefined, { ref: false }).then(() => Promise.reject(new Error('never settled')));
  const [result] = await Promise.allSettled([Promise.race([promise, never])]);
  return defined(result, 'result');
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  const result = await settled(promise);
  return result.status === 'rejected' ? result.reason : undefined;
}

let proxy: CuttingProxy;
let sql: Sql;
beforeEach(async () => {
  const login = await readDatabaseSecret(db.url('migrator'));
  proxy = await startCuttingProxy(login);
  sql = connect({ ...login, host: '127.0.0.1', port: proxy.port }, { max: 1 });
  await sql`SELECT 1`;
});
afterEach(async () => {
  await sql.end({ timeout: 1 });
  await proxy.close();
});

describe.each(ENDINGS)('a connection that ends by %s', (ending) => {
  test('in the middle of rows rejects the query and leaves no holes in the next result', async () => {
    proxy.cutAfter('D', 3, ending);
    expect(await errorOf(numbers(sql, 10))).toMatchObject({
      code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/),
    });
    expect([...(await numbers(sql, 5))]).toEqual(listOf(5));
  });

  test('settles every query that was sent after the running one', async () => {
    proxy.cutAfter('D', 3, ending);
    const queries = [numbers(sql, 10), numbers(sql, 4), numbers(sql, 2)].map((query) => query.execute());
    for (const query of queries) {
      expect((await errorOf(query)) ?? (await query)).not.toEqual(new Error('never settled'));
    }
    expect([...(await numbers(sql, 3))]).toEqual(listOf(3));
  });

  test('while idle neither fails nor delays the next query', async () => {
    proxy.cutAll(ending);
    await wait(50);
    expect([...(await numbers(sql, 2))]).toEqual(listOf(2));
  });

  test('settles a query that was written but not yet sent, and answers the next one', async () => {
    const query = numbers(sql, 2).execute();
    await Promise.resolve();
    proxy.cutAll(ending);
    const first = await settled(query);
    expect(first).not.toMatchObject({ reason: { message: 'never settled' } });
    expect([...(await numbers(sql, 2))]).toEqual(listOf(2));
  });

  test('during COMMIT says that the outcome is unknown', async () => {
    proxy.cutBefore('commit', ending);
    const failed = await errorOf(sql.begin(async (tx) => [...(await tx`SELECT 1`)]));
    expect(failed).toBeInstanceOf(CommitOutcomeUnknownError);
    expect([...(await numbers(sql, 1))]).toEqual(listOf(1));
  });

  test('inside a transaction rejects it with the lost connection, not with an unknown outcome', async () => {
    proxy.cutBefore('SELECT 2', ending);
    const failed = await errorOf(
      sql.begin(async (tx) => {
        await tx`SELECT 1`;
        await tx`SELECT 2`;
      }),
    );
    expect(failed).not.toBeInstanceOf(CommitOutcomeUnknownError);
    expect(failed).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) });
  });

  test('never lets a dead transaction write through the connection that replaced it', async () => {
    await sql`CREATE TABLE IF NOT EXISTS written (by text)`;
    await sql`TRUNCATE written`;
    const late: unknown[] = [];
    const lost = errorOf(
      sql.begin(async (tx) => {
        await tx`INSERT INTO written VALUES ('lost')`;
        proxy.cutAll(ending);
        await wait(300);
        late.push(await errorOf(tx`INSERT INTO written VALUES ('late')`));
      }),
    );
    await wait(100);
    const replaced = sql.begin(async (tx) => {
      await tx`INSERT INTO written VALUES ('kept')`;
      await wait(500);
    });
    expect(await lost).toBeInstanceOf(Error);
    await replaced;
    await wait(100);
    expect(late).toEqual([expect.any(Error)]);
    expect(await sql`SELECT by FROM written`).toEqual([{ by: 'kept' }]);
  });

  test('during a COPY rejects it, whether in the middle or while the server confirms', async () => {
    await sql`CREATE TABLE IF NOT EXISTS copied (t text)`;
    const rows = Array.from({ length: 200_000 }, (_, i) => `row ${i};`);
    const copy = () => sql.begin((tx) => copyRows(tx, 'copied (t)', 1, rows, (row, to) => to.text(row)));
    proxy.cutBefore('row 150000;', ending);
    expect(await errorOf(copy())).toMatchObject({
      code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET|EPIPE/),
    });
    // The COPY of the second try is confirmed by a C; BEGIN's comes before it.
    proxy.cutAfter('C', 1, ending);
    const failed = await errorOf(copy());
    expect(failed).toBeInstanceOf(Error);
    expect(await sql`SELECT count(*)::int AS n FROM copied`).toEqual([{ n: 0 }]);
  });
});

test('a query that fails in the middle of its rows leaves no holes in the next result', async () => {
  const [failed, next] = await Promise.allSettled([
    sql`SELECT 1 / (4 - n) AS quotient FROM generate_series(1, 10) AS n`.execute(),
    numbers(sql, 5).execute(),
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
  expect(next.status === 'fulfilled' && [...next.value]).toEqual(listOf(5));
});

test('a backend that is terminated while a transaction writes never ends the process', async () => {
  const other = db.client('migrator');
  const crashes: unknown[] = [];
  const note = (error: unknown) => crashes.push(error);
  process.on('uncaughtException', note).on('unhandledRejection', note);
  try {
    for (let round = 0; round < 20; round++) {
      await settled(
        sql.begin(async (tx) => {
          const [row] = await tx<[{ pid: number }]>`SELECT pg_backend_pid() AS pid`;
          await other`SELECT pg_terminate_backend(${row.pid})`;
          await wait(round % 4);
          await tx`SELECT ${round}::int`;
        }),
      );
    }
    await wait(50);
  } finally {
    process.off('uncaughtException', note).off('unhandledRejection', note);
  }
  expect(crashes).toEqual([]);
  expect([...(await numbers(sql, 2))]).toEqual(listOf(2));
});
