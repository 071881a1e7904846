import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  deleteUser,
  grantAdmin,
  revokeAdmin,
  undeleteUser,
} from '../../../../functions/api/admin/change-users.ts';
import { listUsers, UsersQuery } from '../../../../functions/api/admin/list-users.ts';
import { writeCursor } from '../../../../functions/api/lists/cursor.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { ORIGIN } from '../support.ts';
import { everyPage, seedUser } from './support.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

const db = useTestDatabase();
let api: Sql;
let root: string;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(async () => {
  await db.sql`TRUNCATE users CASCADE`;
  root = await seedUser(db.sql, 'root@example.com', { isAdmin: true });
});

const list = (query: Record<string, string> = {}) => listUsers(api, UsersQuery.parse(query));
const emails = async (query: Record<string, string> = {}) =>
  (await list(query)).items.map(({ email }) => email);

describe('listUsers', () => {
  test('returns users newest first, without passwords', async () => {
    const id = await seedUser(db.sql, 'ann@example.com');
    expect((await list()).items[0]).toEqual({
      id,
      email: 'ann@example.com',
      isAdmin: false,
      isDeleted: false,
      isErased: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(await emails()).toEqual(['ann@example.com', 'root@example.com']);
  });

  test('finds a part of an address in any case, without wildcards', async () => {
    await seedUser(db.sql, 'ann_lee@example.com');
    await seedUser(db.sql, 'annelee@example.com');
    expect(await emails({ search: 'NN_L' })).toEqual(['ann_lee@example.com']);
    expect(await emails({ search: '%' })).toEqual([]);
    expect(await emails({ search: "' OR true --" })).toEqual([]);
  });

  test('filters deleted users', async () => {
    await seedUser(db.sql, 'gone@example.com', { isDeleted: true });
    expect(await emails()).toEqual(['root@example.com']);
    expect(await emails({ deleted: 'only' })).toEqual(['gone@example.com']);
    expect(await emails({ deleted: 'yes' })).toEqual(['gone@example.com', 'root@example.com']);
  });

  test('continues after its cursor while users register', async () => {
    for (let n = 0; n < 6; n++) await seedUser(db.sql, `user${n}@example.com`);
    const { items, sizes } = await everyPage(async (cursor) => {
      const page = await list({ limit: '3', ...(cursor && { cursor }) });
      await seedUser(db.sql, `late${page.items[0]?.id}@example.com`);
      return page;
    });
    expect(sizes).toEqual([3, 3, 1]);
    expect(items.map(({ email }) => email)).toEqual([
      ...[5, 4, 3, 2, 1, 0].map((n) => `user${n}@example.com`),
      'root@example.com',
    ]);
  });

  test.each([
    ['of another list', writeCursor({ list: 'runs' }, [NOBODY])],
    ['of the list with other parameters', writeCursor({ list: 'users', deleted: 'yes' }, [NOBODY])],
    ['without an id', writeCursor({ list: 'users', deleted: 'no' }, ['1; DROP TABLE users'])],
    ['that encodes nothing', 'AAAA'],
  ])('refuses a cursor %s', async (_what, cursor) => {
    await expect(list({ cursor })).rejects.toMatchObject({ status: 400, code: 'invalid-cursor' });
  });

  test.each(['0', '251', '1e1', '-1', ''])('refuses the limit %j', (limit) => {
    expect(UsersQuery.safeParse({ limit }).success).toBe(false);
  });
});

describe('deleteUser and undeleteUser', () => {
  test('delete and restore a user, even repeatedly', async () => {
    const id = await seedUser(db.sql, 'ann@example.com', { isAdmin: true });
    expect(await deleteUser(api, { id, by: root, origin: ORIGIN })).toMatchObject({ isDeleted: true });
    expect(await deleteUser(api, { id, by: root, origin: ORIGIN })).toMatchObject({ isDeleted: true });
    expect(await undeleteUser(api, { id, by: root, origin: ORIGIN })).toMatchObject({
      isDeleted: false,
      isAdmin: true,
    });
    expect(await undeleteUser(api, { id, by: root, origin: ORIGIN })).toMatchObject({ isDeleted: false });
  });

  test('refuse the caller and an unknown id', async () => {
    await expect(deleteUser(api, { id: root, by: root, origin: ORIGIN })).rejects.toMatchObject({
      status: 409,
    });
    await expect(deleteUser(api, { id: NOBODY, by: root, origin: ORIGIN })).rejects.toMatchObject({
      status: 404,
    });
    await expect(undeleteUser(api, { id: NOBODY, by: root, origin: ORIGIN })).rejects.toMatchObject({
      status: 404,
    });
    expect(await emails()).toEqual(['root@example.com']);
  });
});

describe('administrator rights', () => {
  test('are granted and removed, even repeatedly', async () => {
    const id = await seedUser(db.sql, 'ann@example.com');
    expect(await grantAdmin(api, { id, by: root, origin: ORIGIN })).toMatchObject({ isAdmin: true });
    expect(await grantAdmin(api, { id, by: root, origin: ORIGIN })).toMatchObject({ isAdmin: true });
    expect(await revokeAdmin(api, { id, by: root, origin: ORIGIN })).toMatchObject({ isAdmin: false });
    expect(await revokeAdmin(api, { id, by: root, origin: ORIGIN })).toMatchObject({ isAdmin: false });
  });

  test('cannot be granted to a deleted user or removed by their holder', async () => {
    const id = await seedUser(db.sql, 'gone@example.com', { isDeleted: true });
    await expect(grantAdmin(api, { id, by: root, origin: ORIGIN })).rejects.toMatchObject({ status: 409 });
    await expect(revokeAdmin(api, { id: root, by: root, origin: ORIGIN })).rejects.toMatchObject({
      status: 409,
    });
    await expect(grantAdmin(api, { id: NOBODY, by: root, origin: ORIGIN })).rejects.toMatchObject({
      status: 404,
    });
  });

  test('end at once when they are removed, even for a valid access token', async () => {
    const id = await seedUser(db.sql, 'ann@example.com');
    await expect(deleteUser(api, { id: root, by: id, origin: ORIGIN })).rejects.toMatchObject({
      status: 403,
      code: 'not-allowed',
    });
  });

  test('cannot be removed by two administrators from each other at the same time', async () => {
    const other = await seedUser(db.sql, 'other@example.com', { isAdmin: true });
    const done = await Promise.allSettled([
      revokeAdmin(api, { id: other, by: root, origin: ORIGIN }),
      revokeAdmin(api, { id: root, by: other, origin: ORIGIN }),
      deleteUser(api, { id: other, by: root, origin: ORIGIN }),
      deleteUser(api, { id: root, by: other, origin: ORIGIN }),
    ]);
    expect(done.map(({ status }) => status)).toContain('rejected');
    const [left] = await db.sql`SELECT count(*)::int AS n FROM users WHERE is_admin AND NOT is_deleted`;
    expect(left?.n).toBe(1);
  });
});
