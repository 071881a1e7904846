import { z } from 'zod';
import { DATABASE_ROLES, ENV } from '../shared/constants.ts';
import { parse } from '../shared/contracts.ts';
import { connect, reachingDatabase, type Sql } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { type DatabaseSecret, readDatabaseSecret } from '../shared/secrets.ts';
import { log } from '../shared/telemetry.ts';
import { ensureLogins } from './logins.ts';
import { migrate, migrationStatus, rollback } from './migrate.ts';
import type { RoleName } from './roles.ts';

const Environment = z.object({
  [ENV.adminDatabaseSecret]: z.string(),
  [ENV.migratorDatabaseSecret]: z.string(),
  [ENV.pipelineDatabaseSecret]: z.string(),
  [ENV.apiDatabaseSecret]: z.string(),
  [ENV.trainingDatabaseSecret]: z.string(),
  [ENV.migrationsFolder]: z.string(),
});

/** What an operator may ask for; a deployment asks for nothing, and gets everything that is pending. */
export const MigrationRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('migrate') }),
  z.strictObject({ do: z.literal('status') }),
  z.strictObject({ do: z.literal('rollback'), steps: z.int().min(1).default(1) }),
]);

/** What was done, and what the database then has. */
export interface MigrationAnswer {
  applied: string[];
  takenBack: string[];
  /** Migrations that the database lacks. */
  pending: string[];
}

/**
 * Brings roles, passwords and schema up to date, or takes migrations back. An error ends the deployment that asked,
 * before anything that needs the new schema is in place; the database is as it was.
 */
export async function handler(event: unknown): Promise<MigrationAnswer> {
  const asked = isNothing(event) ? { do: 'migrate' } : event;
  const request = parse('migration request', MigrationRequest, asked);
  const environment = readEnvironment(Environment);
  const folder = environment.MIGRATIONS_FOLDER;
  const logins: Record<RoleName, DatabaseSecret> = {
    [DATABASE_ROLES.migrator]: await readDatabaseSecret(environment.MIGRATOR_DATABASE_SECRET),
    [DATABASE_ROLES.pipeline]: await readDatabaseSecret(environment.PIPELINE_DATABASE_SECRET),
    [DATABASE_ROLES.api]: await readDatabaseSecret(environment.API_DATABASE_SECRET),
    [DATABASE_ROLES.training]: await readDatabaseSecret(environment.TRAINING_DATABASE_SECRET),
  };
  const answer: MigrationAnswer = { applied: [], takenBack: [], pending: [] };
  await reachingDatabase(async () => {
    if (request.do === 'migrate') {
      const admin = await readDatabaseSecret(environment.ADMIN_DATABASE_SECRET);
      // The login may be of another database on the same server; the roles' is the one that counts.
      const { dbname } = logins[DATABASE_ROLES.migrator];
      await using({ ...admin, dbname }, (sql) => ensureLogins(sql, logins));
    }
    await using(logins[DATABASE_ROLES.migrator], async (sql) => {
      if (request.do === 'migrate') answer.applied = await migrate(sql, folder);
      if (request.do === 'rollback') answer.takenBack = await rollback(sql, request.steps, folder);
      const status = await migrationStatus(sql, folder);
      answer.pending = status.filter(({ applied }) => !applied).map(({ name }) => name);
    });
  });
  log('info', 'migration', { ...answer });
  return answer;
}

/** A trigger of a deployment sends no payload at all. */
function isNothing(event: unknown): boolean {
  if (event === undefined || event === null || event === '') return true;
  return typeof event === 'object' && Object.keys(event).length === 0;
}

async function using(login: DatabaseSecret, work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = connect(login);
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
