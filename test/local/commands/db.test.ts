import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { newDatabase, refused, runCommand } from './command-support.ts';

const MIGRATIONS = new URL('../../../sql/migrations/', import.meta.url);

/** Runs the command on the shared server, which it must not stop. */
const db = (...args: string[]) => runCommand('db.ts', args, { cwd: inject('dataDir') });

/** Names of all migrations, oldest first. */
async function migrations(): Promise<string[]> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.includes('.do.'));
  return files.sort().map((file) => file.split('.')[2] as string);
}

describe('npm run db:*', () => {
  let database: string;
  beforeAll(async () => {
    database = await newDatabase({ migrated: false });
  });
  const here = (...args: string[]) => db(...args, '--data-dir', inject('dataDir'), '--database', database);
  const lines = (prefix: string, names: string[]) => names.map((name) => `${prefix}  ${name}\n`).join('');

  test('applies, lists, verifies and undoes migrations', async () => {
    const names = await migrations();
    const pending = await here('status');
    expect(pending).toMatchObject({ code: 0, error: '' });
    expect(pending.out).toMatch(new RegExp(`^(pending {2}\\d+ {2}[a-z-]+\\n){${names.length}}$`));

    expect(await here('migrate')).toEqual({ code: 0, out: lines('applied', names), error: '' });
    expect(await here('migrate')).toEqual({ code: 0, out: 'no pending migrations\n', error: '' });
    expect((await here('status')).out).toBe(pending.out.replaceAll('pending', 'applied'));

    const verified = await here('verify');
    expect(verified).toMatchObject({ code: 0, error: '' });
    expect(verified.out).toMatch(/^the database matches sql\/schema\.txt \(\d+ entries\)\n$/);

    const [last = '', before = ''] = [...names].reverse();
    expect(await here('rollback')).toEqual({ code: 0, out: lines('undone', [last]), error: '' });
    const differing = await here('verify');
    expect(differing.code).toBe(1);
    expect(differing.out).toMatch(/^((missing|unexpected) {2,5}.+\n)+$/);
    expect(differing.error).toMatch(
      /^boursomatic: the database differs from sql\/schema\.txt: \d+ missing, \d+ unexpected\n$/,
    );

    expect((await here('migrate')).out).toBe(lines('applied', [last]));
    expect((await here('rollback', '--steps', '2')).out).toBe(lines('undone', [last, before]));
    const left = names.length - 2;
    expect(await here('rollback', '--steps', String(left + 1))).toEqual({
      code: 2,
      out: '',
      error: `boursomatic: rollback: cannot roll back ${left + 1} migrations: only ${left} are applied\n`,
    });
    expect((await here('rollback', '--steps', String(left))).out).toBe(
      lines('undone', names.slice(0, left).reverse()),
    );
    expect((await here('status')).out).toBe(pending.out);
  }, 120_000);
});

describe('bad arguments', () => {
  test.each([
    [[], 'db: name a command: migrate, rollback, status or verify'],
    [['upgrade'], 'db: "upgrade" is not a command; use migrate, rollback, status or verify'],
    [['migrate', 'status'], 'db migrate: unexpected argument "status"'],
    [['migrate', '--steps', '2'], '--steps goes only with rollback'],
    [['status', '--write'], '--write goes only with verify'],
    [['toString'], 'db: "toString" is not a command; use migrate, rollback, status or verify'],
    [['rollback', '--steps', '0'], '--steps 0 is not a whole number above 0'],
    [['rollback', '--steps', '1.5'], '--steps 1.5 is not a whole number above 0'],
    [['rollback', '--steps', 'all'], '--steps all is not a whole number above 0'],
  ])('rejects %j with exit 2 and one line that says what is valid', async (args, message) => {
    expect(await db(...args)).toEqual(refused(message));
  });

  test('rejects an unknown option with exit 2 and refers to the help', async () => {
    const { code, out, error } = await db('migrate', '--force');
    expect([code, out]).toEqual([2, '']);
    expect(error).toMatch(/^boursomatic: Unknown option '--force'.* \(--help lists the options\)\n$/);
  });

  test('create no data folder', async () => {
    expect(await readdir(inject('dataDir'))).not.toContain('.boursomatic');
  });
});

test('lists the commands for --help and exits 0', async () => {
  const { code, out, error } = await db('--help');
  expect([code, error]).toEqual([0, '']);
  for (const command of ['migrate', 'rollback', 'status', 'verify']) expect(out).toContain(`db:${command}`);
});
