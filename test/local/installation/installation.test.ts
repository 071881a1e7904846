import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { connect } from '../../../functions/shared/database.ts';
import { DatabaseUnreachableError } from '../../../functions/shared/errors.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { DatabaseSecret } from '../../../functions/shared/secrets.ts';
import { parseDatabaseUrl } from '../../../local/installation/database-url.ts';
import { ownerText } from '../../../local/installation/folder-lock.ts';
import { type Installation, openInstallation } from '../../../local/installation/installation.ts';
import { removeCluster } from '../../../local/installation/postgres-server.ts';

const ROLES = Object.values(DATABASE_ROLES);

let folder: string;
let dataDir: string;
let installation: Installation;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-installation-'));
  dataDir = join(folder, 'data');
  installation = await openInstallation({ dataDir, database: 'one' });
});
afterAll(async () => {
  await installation.close();
  await removeCluster(join(dataDir, 'postgres'));
  await rm(folder, { recursive: true });
});

async function whoIs(login: DatabaseSecret): Promise<string> {
  const sql = connect(login);
  try {
    const [row] = await sql<{ who: string }[]>`SELECT current_user || ' in ' || current_database() AS who`;
    return defined(row, 'name of the user').who;
  } finally {
    await sql.end();
  }
}

/** URL of the embedded server's superuser, to pass as DATABASE_URL. */
async function adminUrl(database: string): Promise<string> {
  const { postgres } = JSON.parse(await readFile(join(dataDir, 'secrets', 'passwords.json'), 'utf8'));
  return `postgres://postgres:${postgres}@127.0.0.1:${installation.login(DATABASE_ROLES.api).port}/${database}`;
}

describe('openInstallation', () => {
  test('gives each role a login and a secret file', async () => {
    for (const role of ROLES) {
      const secret = JSON.parse(await readFile(fileURLToPath(installation.secretUrl(role)), 'utf8'));
      expect(secret).toEqual(installation.login(role));
      expect(await whoIs(secret)).toBe(`${role} in one`);
    }
    expect(new Set(ROLES.map((role) => installation.login(role).password)).size).toBe(ROLES.length);
  });

  test('makes secrets unreadable for other users', async () => {
    expect((await stat(join(dataDir, 'secrets'))).mode & 0o777).toBe(0o700);
    const files = await readdir(join(dataDir, 'secrets'));
    // Other tests add databases to this folder.
    const logins = files.filter((file) => ROLES.some((role) => file.endsWith(`-${role}.json`)));
    expect(logins).toEqual(expect.arrayContaining(ROLES.map((role) => `one-${role}.json`)));
    expect(files.filter((file) => !logins.includes(file)).sort()).toEqual([
      'passwords.json',
      'signing-keys.json',
    ]);
    for (const file of files) {
      expect((await stat(join(dataDir, 'secrets', file))).mode & 0o777, file).toBe(0o600);
    }
  });

  test('creates signing keys once, even when four processes open it at once', async () => {
    const keys = await readFile(fileURLToPath(installation.signingKeysUrl), 'utf8');
    expect(SigningKeys.parse(JSON.parse(keys)).keys).toHaveLength(1);
    const fresh = join(folder, 'fresh');
    const options = { dataDir: fresh, database: 'one', databaseUrl: await adminUrl('one') };
    const opened = await Promise.all(Array.from({ length: 4 }, () => openInstallation(options)));
    const texts = await Promise.all(opened.map((one) => readFile(fileURLToPath(one.signingKeysUrl), 'utf8')));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toBe(keys);
    expect((await readdir(join(fresh, 'secrets'))).filter((name) => name.startsWith('signing'))).toHaveLength(
      1,
    );
  });

  test('creates roles that are not superusers and cannot create roles or databases', async () => {
    const admin = connect(parseDatabaseUrl(await adminUrl('one')));
    try {
      const rows = await admin`
        SELECT rolname FROM pg_roles WHERE rolname LIKE 'boursomatic%'
          AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls) ORDER BY 1`;
      const all = await admin`SELECT rolname FROM pg_roles WHERE rolname LIKE 'boursomatic%' ORDER BY 1`;
      expect(rows).toEqual(all);
      expect(rows.map(({ rolname }) => rolname)).toEqual(expect.arrayContaining(ROLES));
    } finally {
      await admin.end();
    }
  });

  test('keeps passwords when opened again with another database name', async () => {
    const other = await openInstallation({ dataDir, database: 'two' });
    const role = DATABASE_ROLES.pipeline;
    expect(other.login(role)).toEqual({ ...installation.login(role), dbname: 'two' });
    expect(await whoIs(other.login(role))).toBe(`${role} in two`);
    expect([installation.objects, other.objects]).toEqual(
      ['one', 'two'].map((name) => join(dataDir, 'objects', name)),
    );
    await other.close();
    expect(await whoIs(installation.login(role))).toBe(`${role} in one`);
  });
});

describe('openInstallation with DATABASE_URL', () => {
  test('leaves the logins of another data folder alone', async () => {
    await (await openInstallation({ dataDir, database: 'shared' })).close();
    const second = await openInstallation({
      dataDir: join(folder, 'second'),
      database: 'unused',
      databaseUrl: await adminUrl('shared'),
    });
    for (const role of ROLES) expect(await whoIs(second.login(role))).toBe(`${role} in shared`);
    await second.close();
    for (const role of ROLES) expect(await whoIs(installation.login(role))).toBe(`${role} in one`);
  });

  test('reports a server that does not answer as unreachable', async () => {
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
      });
    });
    const opening = openInstallation({
      dataDir: join(folder, 'third'),
      database: 'unused',
      databaseUrl: `postgres://someone:hunter2@127.0.0.1:${port}/nowhere`,
      owner: true,
    });
    await expect(opening).rejects.toBeInstanceOf(DatabaseUnreachableError);
    await expect(opening).rejects.toThrow(/^database: .*ECONNREFUSED/);
    expect(await readdir(join(folder, 'third'))).not.toContain('owner.pid');
  });

  test('reports a server that refuses the login as unreachable, without the password', async () => {
    const refused = (await adminUrl('one')).replace(/:[^:@]+@/, ':hunter2@');
    const opening = openInstallation({
      dataDir: join(folder, 'fourth'),
      database: 'unused',
      databaseUrl: refused,
    });
    const error = await opening.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DatabaseUnreachableError);
    expect(inspect(error)).not.toContain('hunter2');
  });
});

describe('openInstallation as the owner', () => {
  const owner = (name: string) => join(folder, name, 'owner.pid');
  const open = async (name: string) =>
    openInstallation({
      dataDir: join(folder, name),
      database: 'unused',
      databaseUrl: await adminUrl('one'),
      owner: true,
    });

  test('rejects a second owner while the first is running', async () => {
    await (await open('owned')).close();
    await writeFile(owner('owned'), await ownerText(process.ppid));
    await expect(open('owned')).rejects.toThrow(
      `${join(folder, 'owned')} is in use by process ${process.ppid}: stop it, or give another --data-dir`,
    );
    await expect(open('owned')).rejects.toHaveProperty('code', 'in_use');
    expect(await readFile(owner('owned'), 'utf8')).toBe(await ownerText(process.ppid));
  });

  test('takes over from a dead owner, and removes its mark when it closes', async () => {
    await (await open('left')).close();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    await writeFile(owner('left'), `${gone}\nmark of a process that has ended\n`);
    const opened = await open('left');
    expect(await readFile(owner('left'), 'utf8')).toBe(await ownerText(process.pid));
    await opened.close();
    await expect(stat(owner('left'))).rejects.toThrow(/ENOENT/);
  });

  test('takes over if another program has the pid of the dead owner', async () => {
    await (await open('reused')).close();
    for (const text of [String(process.ppid), `${process.ppid}\nan earlier start\n`, '']) {
      await writeFile(owner('reused'), text);
      await (await open('reused')).close();
    }
  });

  test('adds an encryption key to signing keys of an earlier release, and keeps it from then on', async () => {
    const read = async () =>
      SigningKeys.parse(
        JSON.parse(await readFile(join(folder, 'older', 'secrets', 'signing-keys.json'), 'utf8')),
      );
    await (await open('older')).close();
    const { encryption: _none, ...earlier } = await read();
    await writeFile(join(folder, 'older', 'secrets', 'signing-keys.json'), JSON.stringify(earlier));
    const dataDir = join(folder, 'older');
    await (
      await openInstallation({ dataDir, database: 'unused', databaseUrl: await adminUrl('one') })
    ).close();
    expect(await read()).toEqual(earlier);
    await (await open('older')).close();
    const added = await read();
    expect(added).toEqual({ ...earlier, encryption: [expect.anything()] });
    await (await open('older')).close();
    expect(await read()).toEqual(added);
  });

  test('lets other processes open the folder without owning it', async () => {
    await (await open('joined')).close();
    await writeFile(owner('joined'), await ownerText(process.ppid));
    const options = {
      dataDir: join(folder, 'joined'),
      database: 'unused',
      databaseUrl: await adminUrl('one'),
    };
    await (await openInstallation(options)).close();
    expect(await readFile(owner('joined'), 'utf8')).toBe(await ownerText(process.ppid));
  });
});
