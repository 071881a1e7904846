import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';
import { addEncryptionKey } from '../../../functions/api/auth/encryption-keys.ts';
import { makeSigningKeys, type SigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { copyPublications } from '../../../functions/publications/copies.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { ArchiveWriter, readArchive } from '../../../local/backup/archive.ts';
import type { Manifest } from '../../../local/backup/manifest.ts';
import { type Installation, openInstallation, withLogin } from '../../../local/installation/installation.ts';
import {
  sealCalls,
  seedModelAndRun,
  seedRecommendation,
} from '../../functions/api/recommendations/support.ts';
import { seedBars } from '../../functions/infer/support.ts';

/** Folder of a test file's backups and data folders. */
export let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const opened: Installation[] = [];
afterAll(async () => {
  for (const installation of opened.splice(0)) await installation.close();
});

/** Makes an installation with an empty database on the tests' server, and a data folder of its own. */
export async function newInstallation(): Promise<Installation> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  const installation = await openInstallation({ dataDir: inject('dataDir'), database });
  opened.push(installation);
  const dataDir = join(folder, database);
  await mkdir(join(dataDir, 'secrets'), { recursive: true });
  const keys: SigningKeys = { ...(await makeSigningKeys(new Date())), encryption: addEncryptionKey() };
  await writeFile(join(dataDir, 'secrets', 'signing-keys.json'), JSON.stringify(keys), { mode: 0o600 });
  return {
    ...installation,
    dataDir,
    objects: join(dataDir, 'objects', database),
    publications: join(dataDir, 'publications', database),
  };
}

/** The keys of an installation. */
export async function keysOf({ dataDir }: Installation): Promise<SigningKeys> {
  return JSON.parse(await readFile(join(dataDir, 'secrets', 'signing-keys.json'), 'utf8'));
}

/**
 * Stores two publications with their copies, an outcome, bars of both intervals in partitions, features, users and files.
 * It uses only what the schema had in migration 202611301580, so that it also fills older versions of the schema.
 */
export async function seedInstallation(installation: Installation): Promise<void> {
  await withLogin(installation, 'migrator', async (sql) => {
    await seedModelAndRun(sql);
    for (const symbol of ['AAPL', 'MSFT']) await sealCalls(sql, [await seedRecommendation(sql, { symbol })]);
    await seedRows(sql);
  });
  const { publications, objects } = installation;
  await withLogin(installation, 'pipeline', (sql) =>
    copyPublications(sql, openObjects(pathToFileURL(`${publications}/`).href)),
  );
  const store = openObjects(pathToFileURL(`${objects}/`).href);
  await store.put('raw/run-1/daily/2026-02-27/AAPL.json.gz', Buffer.from('raw'));
  await store.put('models/v1.2.3/manifest.json', Buffer.from('{}'));
  await store.put('models/v1.2.3/empty', Buffer.alloc(0));
}

async function seedRows(sql: Sql): Promise<void> {
  const instruments = await sql<{ id: string }[]>`SELECT id FROM instruments ORDER BY symbol`;
  const id = defined(instruments[0], 'instrument').id;
  const bars = ['2019-12-30', '2019-12-31', '2020-01-02'].map((day, i) => ({ day, close: 0.1 + i / 3 }));
  await seedBars(sql, id, bars);
  await sql`SELECT ensure_partitions('15m', '2026-02-27', '2026-02-28')`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval, source)
    VALUES (${id}, '2026-02-27T14:30:00Z', 1e-10, 12345678.9, 1e-300, 3.0000000000000004, 0, '15m', ${'a\tb\\c\nd'})`;
  await sql`
    INSERT INTO features (instrument_id, ts, atr_14, rsi_14, additional_features)
    VALUES (${id}, '2020-01-02', 0.1, NULL, '{"x": [1, "Ω\\n"]}')`;
  await sql`
    INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct, scored_at)
    SELECT id, '2026-03-20', 100, 110, 10, '2026-03-21T01:02:03.456789Z' FROM recommendations ORDER BY id LIMIT 1`;
  await sql`INSERT INTO users (email, password_hash) VALUES ('ada@example.com', 'hash'), ('bob@example.com', '')`;
  await sql`
    INSERT INTO login_attempts (kind, key_hash, failures, last_attempt_at, blocked_until, forget_at)
    VALUES ('pair', decode(repeat('0a5c', 16), 'hex'), 1, now(), now(), now())`;
}

/** Copies a backup with changed rows, files or figures, whose hashes agree again. */
export async function rewriteBackup(
  from: string,
  to: string,
  {
    rows = (_table, text) => text,
    manifest: change = (manifest) => manifest,
    files: more = {},
  }: {
    rows?: (table: string, text: string) => string;
    manifest?: (manifest: Manifest) => Manifest;
    files?: Record<string, string>;
  },
): Promise<void> {
  const tables = new Map<string, Buffer[]>();
  const files: { path: string; body: Buffer }[] = [];
  const manifest = await readArchive(from, {
    rows: async (table, chunk) => void tables.set(table, [...(tables.get(table) ?? []), chunk]),
    file: async (path, content) => {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      files.push({ path, body: Buffer.concat(chunks) });
    },
  });
  const archive = await ArchiveWriter.create(to);
  const written = [];
  for (const table of manifest.tables) {
    const text = Buffer.concat(tables.get(table.name) ?? []).toString();
    const digest = await archive.addTable(table.name, (add) => add(Buffer.from(rows(table.name, text))));
    written.push({ ...table, ...digest });
  }
  const scratch = `${to}.file`;
  for (const [path, body] of Object.entries(more)) files.push({ path, body: Buffer.from(body) });
  for (const { path, body } of files) {
    await writeFile(scratch, body);
    await archive.addFile(path, scratch);
  }
  const { files: _, format: __, ...content } = change({ ...manifest, tables: written });
  await archive.finish(content);
}
