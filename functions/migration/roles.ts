import { DATABASE_ROLES } from '../shared/constants.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import type { DatabaseSecret } from '../shared/secrets.ts';
import { connectionLimits } from './connection-limits.ts';

export type RoleName = (typeof DATABASE_ROLES)[keyof typeof DATABASE_ROLES];

/** The first version with uuidv7(). */
const LEAST_SERVER_VERSION = 180000;

/**
 * Default settings of the roles' sessions. Features and bars have the same partitions, so a partition-wise join prunes
 * both when only one is bounded; Postgres turns it off by default. On solid-state disks a random read costs little
 * more than a sequential one. The timeout bounds the time that a user waits for the API. A commit waits for the disk,
 * whatever the server's default: an acknowledged change survives a crash.
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

/** The login of each role. A login has the name of its role, or the name of a member that acts as the role. */
export type Logins = Record<RoleName, Pick<DatabaseSecret, 'username' | 'password'>>;

const ROLES = Object.values(DATABASE_ROLES);

/**
 * Codes of a change that another session made at the same time: roles belong to the server, and the lock holds for one
 * database.
 */
const CHANGED_MEANWHILE = new Set(['42710', '23505', 'XX000']);

/** The most attempts of a change of roles. Before each repetition, another session has made progress. */
const ATTEMPTS = 20;

/**
 * Creates the four roles and their logins, limits the connections of the logins, and lets the migrator own the schema of
 * this database. Roles belong to the server and not to one database, so no migration can create them. Safe to repeat.
 *
 * Logins with names of their own are those of one installation: each is a member of its role and acts as it. Only the
 * logins of its installations may connect to such a database.
 *
 * @param admin - a client that may create roles, connected to the database itself
 * @param logins - only new logins and those in `reset` get their passwords
 * @param reset - roles whose logins get their passwords
 * @throws ConfigurationError if the server is too old or the login may not create roles
 */
export async function ensureRoles(
  admin: Sql,
  logins: Logins,
  reset: readonly RoleName[] = [],
): Promise<void> {
  const [server] = await admin<{ version: number; name: string }[]>`
    SELECT current_setting('server_version_num')::int AS version, current_database() AS name`;
  if (!server || server.version < LEAST_SERVER_VERSION) {
    throw new ConfigurationError('database: PostgreSQL 18 or later is required (for uuidv7)');
  }
  const change = () =>
    admin.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(hashtext('ensure_roles'))`;
      for (const role of ROLES) {
        const { username, password } = logins[role];
        await ensureLogin(tx, username, password, reset.includes(role));
        if (username !== role) await joinRole(tx, username, role);
      }
      await limitConnections(tx, logins);
      await applySettings(tx, logins);
      await letMigratorUse(tx, server.name);
      await admitLogins(tx, server.name, logins);
      await tx`GRANT USAGE, CREATE ON SCHEMA public TO ${tx(DATABASE_ROLES.migrator)}`;
    });
  for (let attempt = 1; ; attempt++) {
    try {
      return void (await change());
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === '42501') {
        const reason = error instanceof Error ? error.message : code;
        throw new ConfigurationError(`database: the login may not create roles or grant: ${reason}`);
      }
      if (!CHANGED_MEANWHILE.has(code) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Gives the migrator its rights on a database itself. The rights on the schema are part of the database. */
export async function letMigratorUse(admin: Sql | Transaction, database: string): Promise<void> {
  await admin`GRANT CREATE, TEMPORARY ON DATABASE ${admin(database)} TO ${admin(DATABASE_ROLES.migrator)}`;
}

/** Creates a login, or gives an existing one the password, if it lacks one or is to be reset. */
async function ensureLogin(tx: Transaction, name: string, password: string, isReset: boolean): Promise<void> {
  const [found] = await tx<{ rolcanlogin: boolean }[]>`
    SELECT rolcanlogin FROM pg_roles WHERE rolname = ${name}`;
  if (found?.rolcanlogin && !isReset) return;
  const verb = found ? 'ALTER' : 'CREATE';
  // CREATE ROLE takes no parameters; format() quotes both values.
  const [statement] = await tx<{ text: string }[]>`
    SELECT format(${`${verb} ROLE %I LOGIN NOINHERIT PASSWORD %L`}, ${name}::text, ${password}::text) AS text`;
  await tx.unsafe(defined(statement, `statement for login ${name}`).text);
}

/** Creates a role that nobody logs in as, if it is missing, and lets a login act as it alone. */
async function joinRole(tx: Transaction, login: string, role: RoleName): Promise<void> {
  const existing = await tx`SELECT FROM pg_roles WHERE rolname = ${role}`;
  if (existing.length === 0) await tx`CREATE ROLE ${tx(role)} NOLOGIN NOINHERIT`;
  const [membership] = await tx<{ is_settled: boolean }[]>`
    SELECT bool_or(set_option AND NOT inherit_option) AS is_settled FROM pg_auth_members
    WHERE roleid = ${role}::regrole AND member = ${login}::regrole`;
  // Without inheritance, the login has no right of the role on other databases, such as the right to connect.
  if (!membership?.is_settled) await tx`GRANT ${tx(role)} TO ${tx(login)} WITH INHERIT FALSE, SET TRUE`;
}

/**
 * Lets the logins connect to the database. If they belong to one installation, nobody else may: the logins of other
 * installations on the server act as the same roles.
 */
async function admitLogins(tx: Transaction, database: string, logins: Logins): Promise<void> {
  const granted = await tx<{ name: string }[]>`
    SELECT CASE grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(grantee) END AS name
    FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
    WHERE datname = ${database} AND privilege_type = 'CONNECT'`;
  const admitted = new Set(granted.map(({ name }) => name));
  const admit = async (name: string) => {
    if (!admitted.has(name)) await tx`GRANT CONNECT ON DATABASE ${tx(database)} TO ${tx(name)}`;
  };
  for (const { username } of Object.values(logins)) await admit(username);
  if (ROLES.every((role) => logins[role].username === role) || !admitted.has('public')) return;
  // AWS and earlier versions log in as the roles themselves, which relied on the right of PUBLIC to connect.
  const fixed = await tx<{ name: string }[]>`
    SELECT rolname AS name FROM pg_roles
    WHERE rolname IN ${tx(ROLES)} AND rolcanlogin AND to_regclass('public.schema_migrations') IS NOT NULL`;
  for (const { name } of fixed) await admit(name);
  await tx`REVOKE CONNECT ON DATABASE ${tx(database)} FROM PUBLIC`;
}

/** Limits each login, so that none of them can exhaust the server's connections. */
async function limitConnections(tx: Transaction, logins: Logins): Promise<void> {
  const [server] = await tx<{ max: number }[]>`SELECT current_setting('max_connections')::int AS max`;
  const limits = connectionLimits(defined(server, 'row of max_connections').max);
  for (const role of ROLES) {
    const { username } = logins[role];
    const [found] = await tx<{ rolconnlimit: number }[]>`
      SELECT rolconnlimit FROM pg_roles WHERE rolname = ${username}`;
    // ALTER ROLE takes no parameters; the limit is a number.
    if (found?.rolconnlimit !== limits[role])
      await tx`ALTER ROLE ${tx(username)} CONNECTION LIMIT ${tx.unsafe(String(limits[role]))}`;
  }
}

async function applySettings(tx: Transaction, logins: Logins): Promise<void> {
  for (const role of ROLES) {
    const { username } = logins[role];
    const settings = { ...SETTINGS[role], ...(username !== role && { role }) };
    for (const [name, value] of Object.entries(settings)) {
      const [found] = await tx<{ is_set: boolean }[]>`
        SELECT coalesce(rolconfig, '{}') @> ARRAY[${`${name}=${value}`}::text] AS is_set FROM pg_roles WHERE rolname = ${username}`;
      // ALTER ROLE takes no parameters; name and value are constants of this file.
      if (!found?.is_set) await tx`ALTER ROLE ${tx(username)} SET ${tx.unsafe(`${name} = '${value}'`)}`;
    }
  }
}
