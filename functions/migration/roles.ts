import { DATABASE_ROLES } from '../shared/constants.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import { connectionLimits } from './connection-limits.ts';

export type RoleName = (typeof DATABASE_ROLES)[keyof typeof DATABASE_ROLES];

/** The first version with uuidv7(). */
const LEAST_SERVER_VERSION = 180000;

/**
 * Default settings of the roles' sessions. Features and bars have the same partitions, so a partition-wise join prunes
 * both when only one is bounded; Postgres turns it off by default. On solid-state disks a random read costs little
 * more than a sequential one. The timeout bounds the time that a user waits for the API. A commit waits for the disk,
 * also on a server that would not wait otherwise: an acknowledged change survives a crash.
 */
const EVERY_ROLE = {
  enable_partitionwise_join: 'on',
  random_page_cost: '1.1',
  synchronous_commit: 'on',
};
const SETTINGS: Record<RoleName, Record<string, string>> = {
  [DATABASE_ROLES.migrator]: EVERY_ROLE,
  [DATABASE_ROLES.pipeline]: EVERY_ROLE,
  [DATABASE_ROLES.training]: EVERY_ROLE,
  [DATABASE_ROLES.api]: { ...EVERY_ROLE, statement_timeout: '5s' },
};

/**
 * Creates the four roles, limits their connections, and lets the migrator own the schema of this database. Roles belong to the server and not to
 * one database, so no migration can create them. Safe to repeat.
 *
 * @param admin - a client that may create roles, connected to the database itself
 * @param passwords - a password for each role; only new roles and those in `reset` get theirs
 * @param reset - existing roles whose password is set
 * @throws ConfigurationError if the server is too old or the login may not create roles
 */
export async function ensureRoles(
  admin: Sql,
  passwords: Record<RoleName, string>,
  reset: readonly RoleName[] = [],
): Promise<void> {
  const [server] = await admin<{ version: number; name: string }[]>`
    SELECT current_setting('server_version_num')::int AS version, current_database() AS name`;
  if (!server || server.version < LEAST_SERVER_VERSION) {
    throw new ConfigurationError('database: PostgreSQL 18 or later is required (for uuidv7)');
  }
  try {
    await admin.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(hashtext('ensure_roles'))`;
      for (const role of Object.values(DATABASE_ROLES)) {
        const exists = (await tx`SELECT 1 FROM pg_roles WHERE rolname = ${role}`).length > 0;
        if (exists && !reset.includes(role)) continue;
        const verb = exists ? 'ALTER' : 'CREATE';
        // CREATE ROLE takes no parameters; format() quotes both values.
        const [statement] = await tx<{ text: string }[]>`
          SELECT format(${`${verb} ROLE %I LOGIN NOINHERIT PASSWORD %L`}, ${role}::text, ${passwords[role]}::text) AS text`;
        await tx.unsafe(defined(statement, `statement for role ${role}`).text);
      }
      await limitConnections(tx);
      await applySettings(tx);
      await letMigratorUse(tx, server.name);
      await tx`GRANT USAGE, CREATE ON SCHEMA public TO ${tx(DATABASE_ROLES.migrator)}`;
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') {
      throw new ConfigurationError(`database: the login may not create roles or grant: ${error.message}`);
    }
    throw error;
  }
}

/** Gives the migrator its rights on a database itself. The rights on the schema are part of the database. */
export async function letMigratorUse(admin: Sql | Transaction, database: string): Promise<void> {
  await admin`GRANT CREATE, TEMPORARY, CONNECT ON DATABASE ${admin(database)} TO ${admin(DATABASE_ROLES.migrator)}`;
}

/** Limits each role, so that none of them can exhaust the server's connections. */
async function limitConnections(tx: Transaction): Promise<void> {
  const [server] = await tx<{ max: number }[]>`SELECT current_setting('max_connections')::int AS max`;
  const limits = connectionLimits(defined(server, 'row of max_connections').max);
  for (const [role, limit] of Object.entries(limits)) {
    const [found] = await tx<{ rolconnlimit: number }[]>`
      SELECT rolconnlimit FROM pg_roles WHERE rolname = ${role}`;
    // ALTER ROLE takes no parameters; role and limit come from constants.
    if (found?.rolconnlimit !== limit) await tx.unsafe(`ALTER ROLE ${role} CONNECTION LIMIT ${limit}`);
  }
}

async function applySettings(tx: Transaction): Promise<void> {
  for (const [role, settings] of Object.entries(SETTINGS)) {
    for (const [name, value] of Object.entries(settings)) {
      const [found] = await tx<{ is_set: boolean }[]>`
        SELECT coalesce(rolconfig, '{}') @> ARRAY[${`${name}=${value}`}::text] AS is_set FROM pg_roles WHERE rolname = ${role}`;
      // ALTER ROLE takes no parameters; name and value are constants of this file.
      if (!found?.is_set) await tx.unsafe(`ALTER ROLE ${role} SET ${name} = '${value}'`);
    }
  }
}
