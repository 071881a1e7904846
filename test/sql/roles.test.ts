import { describe, expect, test } from 'vitest';
import type { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { DENIED, outcomeOf, useTestDatabase } from '../support/database.ts';

const db = useTestDatabase();

describe('the roles of a migrated database', () => {
  type Role = keyof typeof DATABASE_ROLES;
  const answer = (role: Role, statement: string) => outcomeOf(db.client(role), statement);

  test.each<[Role, string]>([
    ['api', 'INSERT INTO recommendations DEFAULT VALUES'],
    ['api', 'UPDATE recommendations SET is_active = false'],
    ['api', 'DELETE FROM users'],
    ['api', 'INSERT INTO price_bars DEFAULT VALUES'],
    ['api', 'UPDATE security_events SET user_id = NULL'],
    ['api', 'DELETE FROM security_events'],
    ['api', 'TRUNCATE security_events'],
    ['api', 'UPDATE users SET is_erased = true'],
    ['api', 'UPDATE users SET deleted_at = now()'],
    ['api', "UPDATE users SET email = 'other@example.com'"],
    ['api', 'SELECT expire_personal_data()'],
    ['api', "UPDATE api_keys SET expires_at = now() + interval '9 years'"],
    ['api', "UPDATE api_keys SET key_hash = sha256('x')"],
    ['api', 'UPDATE api_keys SET user_id = gen_random_uuid()'],
    ['api', 'DELETE FROM api_keys'],
    ['pipeline', 'SELECT * FROM api_keys'],
    ['training', 'SELECT * FROM api_keys'],
    ['pipeline', 'UPDATE universe_values SET input = input'],
    ['api', 'SELECT * FROM universes'],
    ['training', 'SELECT * FROM universe_values'],
    ['pipeline', 'SELECT * FROM users'],
    ['pipeline', 'SELECT * FROM security_events'],
    ['pipeline', 'DELETE FROM security_events'],
    ['pipeline', 'SELECT * FROM user_settings'],
    ['pipeline', 'UPDATE model_versions SET is_active = false'],
    ['pipeline', 'DELETE FROM recommendations'],
    ['pipeline', 'DROP TABLE features'],
    ['training', 'INSERT INTO price_bars DEFAULT VALUES'],
    ['training', 'UPDATE features SET ret_1d = 0'],
    ['training', 'SELECT * FROM users'],
    ['training', 'SELECT * FROM recommendations'],
    ['training', 'SELECT * FROM security_events'],
    ['training', 'INSERT INTO security_events DEFAULT VALUES'],
    ['training', 'SELECT expire_personal_data()'],
    ['training', "SELECT ensure_partitions('daily', '2026-01-01', '2026-01-02')"],
  ])('forbid %s: %s', async (role, statement) => {
    expect(await answer(role, statement)).toBe(DENIED);
  });

  test.each<[Role, string]>([
    ['api', 'SELECT * FROM recommendations'],
    ['api', 'SELECT * FROM security_events'],
    ['api', 'UPDATE api_keys SET last_used_at = now(), revoked_at = now()'],
    ['pipeline', 'SELECT expire_personal_data()'],
    ['pipeline', 'DELETE FROM universes'],
    ['pipeline', 'UPDATE recommendations SET is_active = false'],
    ['pipeline', "SELECT ensure_partitions('daily', '2026-01-01', '2026-01-02')"],
    ['training', 'SELECT * FROM model_inputs'],
  ])('allow %s: %s', async (role, statement) => {
    expect(await answer(role, statement)).toBe('done');
  });

  test('let only the migrator create tables or schemas', async () => {
    for (const role of ['api', 'pipeline', 'training'] as const) {
      expect(await answer(role, 'CREATE TABLE mine (id int)'), role).toBe(DENIED);
      expect(await answer(role, 'CREATE SCHEMA mine'), role).toBe(DENIED);
    }
    expect(await answer('migrator', 'CREATE TABLE mine (id int)')).toBe('done');
  });
});
