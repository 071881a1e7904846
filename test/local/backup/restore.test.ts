import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { migrate, migrateTo, migrationStatus } from '../../../functions/migration/migrate.ts';
import { verifySchema } from '../../../functions/migration/schema.ts';
import { verifyChain } from '../../../functions/publications/verify.ts';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { openFirstVersions } from '../../../functions/shared/objects.ts';
import { readArchive } from '../../../local/backup/archive.ts';
import { writeBackup } from '../../../local/backup/backup.ts';
import type { Manifest } from '../../../local/backup/manifest.ts';
import { restoreBackup } from '../../../local/backup/restore.ts';
import { type Installation, withLogin } from '../../../local/installation/installation.ts';
import { RESTORE_MARK } from '../../../local/installation/restore-mark.ts';
import { folder, keysOf, newInstallation, rewriteBackup, seedInstallation } from './backup-support.ts';

let source: Installation;
let file: string;
let manifest: Manifest;
beforeAll(async () => {
  source = await newInstallation();
  await withLogin(source, 'migrator', migrate);
  await seedInstallation(source);
  await asOwner(source, async (sql) => {
    await sql`
      INSERT INTO alert_channels (user_id, kind, name, encrypted_config, unsubscribe_hash)
      SELECT id, 'webhook', 'Webhook', 'encrypted', sha256('token') FROM users LIMIT 1`;
    await sql`
      INSERT INTO alert_messages (user_id, channel_id, dedupe_key, kind, profile)
      SELECT user_id, id, 'test:1', 'test', 'moderate' FROM alert_channels`;
    await sql`
      INSERT INTO alert_rules (user_id, kind, scope, frequency, local_time, digested_at, digested_to)
      SELECT user_id, 'digest', 'followed', 'daily', '07:30', '2026-01-01', 0 FROM alert_channels`;
  });
  await writeFile(join(source.dataDir, 'installation.json'), '{"data":"real"}');
  file = join(folder, 'source.tar.zst');
  manifest = (await writeBackup(source, file)).manifest;
});

const restore = async (to: Installation, from = file) => restoreBackup(to, from, await readArchive(from));
const asOwner = <T>(of: Installation, work: Parameters<typeof withLogin<T>>[2]) =>
  withLogin(of, 'migrator', work);
const countOf = (of: Installation) =>
  asOwner(of, async (sql) => (await sql`SELECT count(*)::int AS n FROM recommendations`)[0]?.n);

/** Tables, partitions and sequences: what must be equal. */
const contentOf = ({ tables, partitions, sequences, schema }: Manifest) => ({
  // A restore changes those.
  tables: tables.filter(({ name }) => !['alert_messages', 'alert_rules'].includes(name)),
  partitions,
  sequences,
  schema,
});

describe('a restored backup', () => {
  let restored: Installation;
  beforeAll(async () => {
    restored = await newInstallation();
    expect(await restore(restored)).toMatchObject({ migrated: 0 });
  });

  test('is equal to the original, table by table, with its partitions', async () => {
    const again = await writeBackup(restored, join(folder, 'again.tar.zst'));
    expect(contentOf(again.manifest)).toEqual(contentOf(manifest));
    const filled = manifest.tables.filter(({ rows }) => rows > 0).map(({ name }) => name);
    expect(filled).toEqual(
      expect.arrayContaining(['features', 'price_bars', 'publications', 'recommendation_outcomes', 'users']),
    );
    expect(manifest.partitions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['features_2019', 'price_bars_2026_15m', 'price_bars_2026_15m_0227']),
    );
  });

  test('sends no message that waited when the backup was made, and begins digests anew', async () => {
    const [message] = await asOwner(restored, (sql) => sql`SELECT state, reason FROM alert_messages`);
    expect(message).toEqual({ state: 'dropped', reason: expect.stringContaining('restored from a backup') });
    const [rule] = await asOwner(restored, (sql) => sql`SELECT digested_at FROM alert_rules`);
    expect(rule?.digested_at.getTime()).toBeGreaterThan(Date.parse('2026-11-01'));
    expect(await asOwner(source, (sql) => sql`SELECT state FROM alert_messages`)).toEqual([
      { state: 'pending' },
    ]);
  });

  test('has the schema of the program, with its triggers and foreign keys', async () => {
    expect(await asOwner(restored, verifySchema)).toEqual({ missing: [], unexpected: [] });
    const disabled = await asOwner(
      restored,
      (sql) => sql`SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'`,
    );
    expect([...disabled]).toEqual([]);
    const changing = withLogin(restored, 'pipeline', (sql) => sql`UPDATE publications SET calls = 9`);
    await expect(changing).rejects.toMatchObject({ code: '42501' });
    const orphan = asOwner(
      restored,
      (sql) => sql`INSERT INTO publication_copies (publication_id) VALUES (4321)`,
    );
    await expect(orphan).rejects.toMatchObject({ code: '23503' });
  });

  test('has a record whose hashes and copies agree', async () => {
    const copies = openFirstVersions(pathToFileURL(`${restored.publications}/`).href);
    const report = await withLogin(restored, 'pipeline', (sql) => verifyChain(sql, copies));
    expect(report).toMatchObject({ publications: 2, copies: 2, difference: null });
  });

  test('has the files, and keeps the keys of both installations', async () => {
    const raw = join(restored.objects, 'raw/run-1/daily/2026-02-27/AAPL.json.gz');
    expect(await readFile(raw, 'utf8')).toBe('raw');
    expect((await stat(raw)).mode & 0o777).toBe(0o600);
    expect((await stat(join(restored.objects, 'models/v1.2.3/empty'))).size).toBe(0);
    expect(await readFile(join(restored.dataDir, 'installation.json'), 'utf8')).toBe('{"data":"real"}');
    const [own, theirs] = [await keysOf(restored), await keysOf(source)];
    expect(own.encryption?.map(({ kid }) => kid)).toContain(theirs.encryption?.[0]?.kid);
    expect(own.keys.map(({ kid }) => kid)).toEqual([own.current, theirs.current]);
    await expect(stat(join(restored.dataDir, RESTORE_MARK))).rejects.toThrow(/ENOENT/);
  });

  test('is not restored again, because the installation then holds data', async () => {
    await expect(restore(restored)).rejects.toThrow(
      `database ${restored.database} holds data, and a restore replaces none`,
    );
    expect(await countOf(restored)).toBe(2);
  });
});

test('replaces what a start stored before anybody used the installation', async () => {
  const started = await newInstallation();
  await asOwner(started, async (sql) => {
    await migrate(sql);
    await sql`INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path)
      VALUES ('v9.9.9', now(), 'hash', '{}', 'v9.9.9')`;
  });
  await restore(started);
  const versions = await asOwner(started, (sql) => sql`SELECT version FROM model_versions ORDER BY version`);
  expect(versions.map(({ version }) => version)).toEqual(['v1.1.0', 'v1.2.3']);
});

test('brings a backup of an older schema up to the newest migration', async () => {
  const older = await newInstallation();
  await asOwner(older, (sql) => sql.begin((tx) => migrateTo(tx, 202611301550)));
  await seedInstallation(older);
  const old = join(folder, 'older.tar.zst');
  const { schema } = (await writeBackup(older, old)).manifest;
  expect(schema).toEqual({ version: 202611301550, name: 'mark-the-benchmark' });
  const restored = await newInstallation();
  const { migrated } = await restore(restored, old);
  expect(migrated).toBeGreaterThanOrEqual(3);
  expect(await asOwner(restored, verifySchema)).toEqual({ missing: [], unexpected: [] });
  const status = await asOwner(restored, (sql) => migrationStatus(sql));
  expect(status.filter(({ applied }) => !applied)).toEqual([]);
  expect(await countOf(restored)).toBe(2);
});

describe('a restore is refused, and leaves the installation empty, if', () => {
  let target: Installation;
  beforeAll(async () => {
    target = await newInstallation();
  });
  /** Restores a changed copy of the backup. */
  async function restoring(change: Parameters<typeof rewriteBackup>[2]): Promise<void> {
    const changed = join(folder, 'changed.tar.zst');
    await rewriteBackup(file, changed, change);
    await restore(target, changed);
  }
  const replaced = (table: string, from: string | RegExp, to: string) => ({
    rows: (name: string, text: string) => (name === table ? text.replace(from, to) : text),
  });

  test.each<[string, Parameters<typeof rewriteBackup>[2], RegExp]>([
    [
      'the backup is of a newer schema',
      { manifest: (m) => ({ ...m, schema: { version: 999912310000, name: 'from-the-future' } }) },
      /migration 999912310000 \(from-the-future\), which this version of the program lacks: update the program/,
    ],
    [
      'a table of the backup is unknown',
      {
        manifest: (m) => ({ ...m, tables: m.tables.map((t) => ({ ...t, columns: [...t.columns, 'more'] })) }),
      },
      /the backup's table \w+ is not that of migration/,
    ],
    [
      'a reference leads nowhere',
      { rows: (name, text) => (name === 'instruments' ? '' : text) },
      /violates foreign key constraint/,
    ],
    [
      'the database stores another text than the backup has',
      replaced('price_bars', /\t3\.0000000000000004\t/, '\t3.00000000000000040\t'),
      /table price_bars differs from the backup after loading/,
    ],
    ['a row breaks a rule of its table', replaced('users', 'ada@', 'Ada@'), /violates check constraint/],
    [
      'a file belongs nowhere',
      { files: { 'objects/../../secret': 'x' } },
      /has a file that no backup contains \(objects/,
    ],
    [
      'the keys are malformed',
      { files: { 'secrets/signing-keys.json': '{}' } },
      /the keys in the backup are malformed/,
    ],
  ])('%s', async (_why, change, message) => {
    await expect(restoring(change)).rejects.toThrow(message);
    const tables = await asOwner(target, (sql) => sql`SELECT FROM pg_tables WHERE schemaname = 'public'`);
    expect(tables.length).toBe(0);
    await expect(stat(join(target.dataDir, RESTORE_MARK))).rejects.toThrow(/ENOENT/);
  });

  test.each([
    [
      'a name',
      { name: 'x"; DROP TABLE users; --', parent: 'features', bounds: "FOR VALUES IN ('a')", key: null },
    ],
    ['bounds', { name: 'x', parent: 'features', bounds: 'DEFAULT; DROP TABLE users', key: null }],
    ['a key', { name: 'x', parent: 'features', bounds: "FOR VALUES IN ('a')", key: 'LIST (f(1))' }],
  ])('a partition has %s that is none', async (_what, partition) => {
    const change = { manifest: (m: Manifest) => ({ ...m, partitions: [...m.partitions, partition] }) };
    await expect(restoring(change)).rejects.toThrow(/its manifest is malformed/);
    await expect(restoring(change)).rejects.toBeInstanceOf(BadInputError);
  });
});
