import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../functions/migration/migrate.ts';
import type { Sql, Transaction } from '../functions/shared/database.ts';
import { defined } from '../functions/shared/invariant.ts';
import { readArchive } from '../local/backup/archive.ts';
import { writeBackup } from '../local/backup/backup.ts';
import { restoreBackup } from '../local/backup/restore.ts';
import { copyIn, copyOut, fixFormats, listTables } from '../local/backup/tables.ts';
import { type Installation, withLogin } from '../local/installation/installation.ts';
import { openScratchInstallation } from '../local/installation/scratch-installation.ts';
import { peakMb } from '../test/support/peak-memory.ts';

/** Two million bars, and as many rows of features. */
const INSTRUMENTS = 1000;
const DAYS = 2000;

/** The tables that are copied bare. They have nearly all rows. */
const LARGE = ['price_bars', 'features'];

/** Compares backup and restore of four million rows with a bare COPY of the same tables. */
export async function benchBackup(): Promise<Record<string, number>> {
  const file = join(tmpdir(), `boursomatic-bench-${process.pid}.tar.zst`);
  const source = await openScratchInstallation('boursomatic-backup-', 'bench');
  const target = await openScratchInstallation('boursomatic-restore-', 'bench');
  try {
    await withLogin(source, 'migrator', seed);
    const rows = 2 * INSTRUMENTS * DAYS;
    const bareOut = await seconds(() => copyBare(source));
    const backup = await seconds(async () => void (await writeBackup(source, file, { force: true })));
    const backupPeakMb = peakMb();
    const manifest = await readArchive(file);
    const restore = await seconds(async () => void (await restoreBackup(target, file, manifest)));
    const restorePeakMb = peakMb();
    const bare = await openScratchInstallation('boursomatic-bare-', 'bench');
    const bareIn = await seconds(() => copyAcross(source, bare)).finally(() => bare.close());
    return {
      backupVsCopy: backup / bareOut,
      restoreVsCopy: restore / bareIn,
      backupSeconds: backup,
      restoreSeconds: restore,
      backupPeakMb,
      restorePeakMb,
      megabytes: (await stat(file)).size / 1e6,
      rows,
    };
  } finally {
    await source.close();
    await target.close();
    await rm(file, { force: true });
  }
}

/** Stores made-up bars and features, which compress no better than real ones. */
async function seed(sql: Sql): Promise<void> {
  await migrate(sql);
  await sql`INSERT INTO instruments (symbol, exchange) SELECT 'S' || i, 'TEST' FROM generate_series(1, ${INSTRUMENTS}::int) AS i`;
  await sql`SELECT ensure_partitions('daily', '2018-01-01', '2023-12-31')`;
  const columns = await sql<{ name: string }[]>`
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = 'features'::regclass AND attnum > 0 AND NOT attisdropped AND atttypid = 'real'::regtype`;
  const names = columns.map(({ name }) => name);
  await sql`
    INSERT INTO price_bars (instrument_id, ts, interval, o, h, l, c, v)
    SELECT i.id, timestamptz '2018-01-01' + d * interval '1 day', 'daily', p.p, p.p * 1.01, p.p * 0.99, p.p, 1e6 * random()
    FROM instruments i, generate_series(0, ${DAYS - 1}::int) AS d, LATERAL (SELECT 100 * random() + d - d + 1 AS p) AS p`;
  // Column names of the catalogue; values between 0 and 1 keep every constraint.
  await sql.unsafe(`
    INSERT INTO features (instrument_id, ts, ${names.join(', ')})
    SELECT instrument_id, ts, ${names.map(() => 'random()').join(', ')} FROM price_bars`);
}

/** Reads the large tables, and discards the rows. */
async function copyBare(from: Installation): Promise<void> {
  await withLogin(from, 'migrator', (sql) =>
    sql.begin(async (tx) => {
      await fixFormats(tx);
      for (const table of await largeTables(tx)) await copyOut(tx, table, () => {});
    }),
  );
}

/** Copies the large tables from one database into another, which has their indexes and constraints. */
async function copyAcross(from: Installation, to: Installation): Promise<void> {
  await withLogin(to, 'migrator', async (target) => {
    await migrate(target);
    await target`SELECT ensure_partitions('daily', '2018-01-01', '2023-12-31')`;
    await withLogin(from, 'migrator', (source) =>
      source.begin(async (reading) => {
        await fixFormats(reading);
        await target.begin(async (writing) => {
          const tables = await listTables(reading);
          // The other tables refer to instruments.
          for (const name of ['instruments', ...LARGE]) {
            const table = defined(
              tables.find((one) => one.name === name),
              `table ${name}`,
            );
            const load = await copyIn(writing, table);
            await copyOut(reading, table, (chunk) => load.add(chunk));
            await load.end();
          }
        });
      }),
    );
  });
}

async function largeTables(tx: Transaction) {
  return (await listTables(tx)).filter(({ name }) => LARGE.includes(name));
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
