import { describe, expect, inject, test } from 'vitest';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { useTestDatabase } from '../support/database.ts';
import { using } from '../support/postgres.ts';

const db = useTestDatabase();

describe('the schema', () => {
  test('has no table that a crash empties', async () => {
    const unlogged = await db.sql`
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relpersistence <> 'p'`;
    expect(unlogged).toEqual([]);
  });
});

describe('a commit', () => {
  test('waits for the disk in every role, also where the database has another default', async () => {
    const [own] = await db.sql<{ name: string }[]>`SELECT current_database() AS name`;
    await using(
      inject('superuser'),
      (sql) => sql`ALTER DATABASE ${sql(own?.name ?? '')} SET synchronous_commit = off`,
    );
    const [control] = await using(
      { ...inject('superuser'), dbname: own?.name ?? '' },
      (sql) => sql`SELECT current_setting('synchronous_commit') AS setting`,
    );
    expect(control?.setting).toBe('off');
    for (const role of Object.keys(DATABASE_ROLES) as (keyof typeof DATABASE_ROLES)[]) {
      // A new session, which reads the new default.
      const [row] = await db.client(role)`SELECT current_setting('synchronous_commit') AS setting`;
      expect(row?.setting, role).toBe('on');
    }
  });
});
