import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { migrate } from '../../../functions/migration/migrate.ts';
import { readArchive } from '../../../local/backup/archive.ts';
import { expired, lastNightly, nightlyBackup } from '../../../local/backup/nightly.ts';
import { type Installation, withLogin } from '../../../local/installation/installation.ts';
import { folder, newInstallation, seedInstallation } from './backup-support.ts';

/** Names of a backup each night up to a day. */
function nights(count: number, last: string): string[] {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.parse(last) - i * 86_400_000).toISOString().slice(0, 10);
    return `boursomatic-${at}T033000Z.tar.zst`;
  });
}
const daysOf = (names: readonly string[]) => names.map((name) => name.slice(12, 22));

describe('the nightly backups that are kept', () => {
  test('are those of the last seven days, and the last ones of four weeks', () => {
    const names = nights(60, '2026-03-04T03:30:00Z');
    const gone = expired(names, 'boursomatic');
    const kept = names.filter((name) => !gone.includes(name));
    expect(daysOf(kept)).toEqual([
      '2026-03-04',
      '2026-03-03',
      '2026-03-02',
      '2026-03-01',
      '2026-02-28',
      '2026-02-27',
      '2026-02-26',
      // Sundays, the last days of their weeks.
      '2026-02-22',
      '2026-02-15',
    ]);
  });

  test('are the newest ones of days that have one, however long ago they are', () => {
    const old = ['2020-01-01T000000Z', '2019-06-01T000000Z'].map((at) => `boursomatic-${at}.tar.zst`);
    expect(expired(old, 'boursomatic')).toEqual([]);
    const twice = ['2020-01-01T000000Z', '2020-01-01T120000Z'].map((at) => `boursomatic-${at}.tar.zst`);
    expect(expired(twice, 'boursomatic')).toEqual([twice[0]]);
  });

  test('never include another database, a backup before an upgrade, or any other file', () => {
    const others = [
      ...nights(30, '2020-01-01T03:30:00Z').map((name) => name.replace('boursomatic', 'boursomatic_sample')),
      'before-upgrade-boursomatic-202611301580.tar.zst',
      'boursomatic-mine.tar.zst',
      'boursomatic-2026-99-99T033000Z.tar.zst',
      'notes.txt',
    ];
    expect(expired([...others, ...nights(1, '2026-03-04T03:30:00Z')], 'boursomatic')).toEqual([]);
  });
});

describe('a nightly backup', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await newInstallation();
    await withLogin(installation, 'migrator', migrate);
    await seedInstallation(installation);
  });

  test('is named after its time, and removes what is no longer kept', async () => {
    const place = join(folder, 'nightly');
    await mkdir(place);
    const { database } = installation;
    const earlier = nights(40, '2026-03-03T03:30:00Z').map((name) => name.replace('boursomatic', database));
    for (const name of earlier) await writeFile(join(place, name), 'x');
    const now = new Date('2026-03-04T03:30:01.5Z');
    const { file, removed } = await nightlyBackup(installation, { folder: place, now });
    expect(file).toBe(join(place, `${database}-2026-03-04T033001Z.tar.zst`));
    expect((await readArchive(file)).database).toBe(database);
    expect(await readdir(place)).toHaveLength(41 - removed.length);
    expect(removed).toHaveLength(32);
    expect(await lastNightly(place, database)).toEqual(new Date('2026-03-04T03:30:01Z'));
    await writeFile(join(place, `${database}-2126-01-01T033000Z.tar.zst`), 'of a wrong clock');
    expect(await lastNightly(place, database)).toEqual(new Date('2026-03-04T03:30:01Z'));
    expect(await lastNightly(place, 'other')).toBeUndefined();
    expect(await lastNightly(join(folder, 'none'), database)).toBeUndefined();
  });

  test('fails on a full disk with one line, and keeps the earlier ones', async () => {
    const place = join(folder, 'full');
    await mkdir(place);
    const { database, dataDir, objects } = installation;
    const earlier = `${database}-2020-01-01T033000Z.tar.zst`;
    await writeFile(join(place, earlier), 'kept');
    await writeFile(join(objects, 'random'), randomBytes(1 << 20));
    const script = `
      import { openInstallation } from ${JSON.stringify(new URL('../../../local/installation/installation.ts', import.meta.url).href)};
      import { nightlyBackup } from ${JSON.stringify(new URL('../../../local/backup/nightly.ts', import.meta.url).href)};
      const opened = await openInstallation({ dataDir: ${JSON.stringify(inject('dataDir'))}, database: '${database}' });
      const installation = { ...opened, dataDir: ${JSON.stringify(dataDir)}, objects: ${JSON.stringify(objects)} };
      await nightlyBackup(installation, { folder: ${JSON.stringify(place)} }).then(
        () => console.log('written'), (error) => console.log(error.message));
      await opened.close();`;
    // No file may grow beyond 256 kB.
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      'ulimit -f 256; exec "$0" --input-type=module -e "$1"',
      process.execPath,
      script,
    ]);
    expect(stdout).toMatch(
      /^\S+ was not written: its disk has no room \(EFBIG\); free some space, or use another folder\n$/,
    );
    expect(await readdir(place)).toEqual([earlier]);
    expect(await readFile(join(place, earlier), 'utf8')).toBe('kept');
  });
});
