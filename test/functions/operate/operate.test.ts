import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler as install } from '../../../functions/infer/install.lambda.ts';
import { handler } from '../../../functions/operate/operate.lambda.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
  vi.stubEnv('PIPELINE_DATABASE_SECRET', database.url('pipeline'));
  vi.stubEnv('TRAINING_DATABASE_SECRET', database.url('training'));
  vi.stubEnv('API_DATABASE_SECRET', database.url('api'));
  vi.stubEnv('MODEL_OBJECTS_URL', pathToFileURL(`${database.objects}/models/`).href);
  vi.stubEnv('RELEASE_FOLDER', 'models');
});
afterEach(async () => {
  await closeDatabases();
  vi.unstubAllEnvs();
  await database.close();
});

test('adds, lists and deactivates instruments', async () => {
  const added = await handler({
    do: 'add-instruments',
    instruments: [{ symbol: 'AAPL', exchange: 'NASDAQ', name: 'Apple' }, { symbol: 'MSFT' }],
  });
  expect(added).toEqual({ addedOrChanged: 2 });
  expect(await handler({ do: 'deactivate-instruments', symbols: ['MSFT'] })).toEqual({
    deactivated: ['MSFT'],
  });
  expect(await handler({ do: 'list-instruments' })).toMatchObject([{ symbol: 'AAPL', name: 'Apple' }]);
});

test('installs and activates the bundled release once where no model is active', async () => {
  const first = await install();
  expect(first).toMatchObject({ added: true, activated: true });
  expect(await install()).toEqual({ version: first.version, added: false, activated: false });
  expect(await handler({ do: 'list-models' })).toMatchObject([{ version: first.version, isActive: true }]);
});

test('refuses a rollback after the first release', async () => {
  await install();
  await expect(handler({ do: 'rollback-model' })).rejects.toThrow(/nothing to roll back to/);
});

test('changes nothing when the active model is promoted', async () => {
  const { version } = await install();
  expect(await handler({ do: 'promote-model', version })).toMatchObject({ version, changed: false });
});

test('grants and revokes the rights of an administrator', async () => {
  const sql = database.client('api');
  const isAdmin = async () => (await sql`SELECT is_admin FROM users`)[0]?.is_admin;
  await sql`INSERT INTO users (email, password_hash) VALUES ('ada@example.com', '-')`;
  expect(await handler({ do: 'grant-admin', email: 'Ada@Example.com' })).toEqual({
    email: 'ada@example.com',
    isAdmin: true,
  });
  expect(await isAdmin()).toBe(true);
  for (let count = 0; count < 2; count += 1) await handler({ do: 'revoke-admin', email: 'ada@example.com' });
  expect(await isAdmin()).toBe(false);
  expect(
    await sql`SELECT type, network_address, detail FROM security_events ORDER BY occurred_at, id`,
  ).toEqual([
    { type: 'admin-granted', network_address: null, detail: { by: 'operator' } },
    { type: 'admin-revoked', network_address: null, detail: { by: 'operator' } },
  ]);
  await expect(handler({ do: 'grant-admin', email: 'bob@example.com' })).rejects.toThrow(
    'there is no user bob@example.com',
  );
});

test('removes the second factor of a user', async () => {
  const sql = database.client('api');
  const [ada] = await sql<[{ id: string }]>`
    INSERT INTO users (email, password_hash) VALUES ('ada@example.com', '-') RETURNING id`;
  await sql`
    INSERT INTO second_factors (user_id, encrypted_secret, created_at, activated_at)
    VALUES (${ada.id}, 'eyJ', now(), now())`;
  expect(await handler({ do: 'remove-second-factor', email: 'Ada@Example.com' })).toEqual({
    email: 'ada@example.com',
    hasSecondFactor: false,
  });
  expect(await sql`SELECT FROM second_factors`).toHaveLength(0);
  expect(await sql`SELECT type, user_id FROM security_events`).toEqual([
    { type: 'second-factor-disabled', user_id: ada.id },
  ]);
  await expect(handler({ do: 'remove-second-factor', email: 'bob@example.com' })).rejects.toThrow(
    'there is no user bob@example.com',
  );
});

test('resets the password of a user', async () => {
  const sql = database.client('api');
  await sql`INSERT INTO users (email, password_hash) VALUES ('ada@example.com', '-')`;
  expect(await handler({ do: 'reset-password', email: 'Ada@Example.com' })).toEqual({
    email: 'ada@example.com',
    password: expect.stringMatching(/^[\w-]{24}$/),
    passwordExpiresAt: expect.any(Date),
  });
  const [user] = await sql`SELECT password_hash, password_expires_at > now() AS expires FROM users`;
  expect(user).toEqual({ password_hash: expect.stringMatching(/^\$argon2id/), expires: true });
  await expect(handler({ do: 'reset-password', email: 'bob@example.com' })).rejects.toThrow(
    'there is no user bob@example.com',
  );
});

test.each([
  ['an empty request', {}],
  ['an unknown operation', { do: 'delete-everything' }],
  ['an unknown key', { do: 'list-models', all: true }],
  ['no instruments', { do: 'add-instruments', instruments: [] }],
  ['an invalid symbol', { do: 'add-instruments', instruments: [{ symbol: 'apple inc' }] }],
  ['an invalid e-mail address', { do: 'grant-admin', email: 'ada' }],
  ['an invalid version', { do: 'rollback-model', version: 'latest' }],
])('rejects %s and names the problem', async (_, event) => {
  await expect(handler(event)).rejects.toThrow(/^operator request:/);
});
