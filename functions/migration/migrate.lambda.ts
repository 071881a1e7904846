import * as z from 'zod';
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

/** A request of an operator. A deployment sends an empty event, which applies every pending migration. */
export const MigrationRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('migrate') }),
  z.strictObject({ do: z.literal('status') }),
  z.strictObject({ do: z.literal('rollback'), steps: z.int().min(1).default(1) }),
]);

/** The migrations that a request applied or rolled back, and those still pending. */
export interface MigrationAnswer {
  applied: string[];
  takenBack: string[];
  /** Migrations that the database lacks. */
  pending: string[];
}

/**
 * Updates roles, passwords and schema, or rolls migrations back. An error stops the deployment before it replaces
 * anything that needs the new schema. Migrations are then unchanged.
 */
export async function handler(event: unknown): Promise<MigrationAnswer> {
  const request = parse('migration request', MigrationRequest, isEmpty(event) ? { do: 'migrate' } : event);
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
      // The administrator's login may name another database of the server; the roles are set up in their own.
      const { dbname } = logins[DATABASE_ROLES.migrator];
      await withClient({ ...admin, dbname }, (sql) => ensureLogins(sql, logins));
    }
    await withClient(logins[DATABASE_ROLES.migrator], async (sql) => {
      if (request.do === 'migrate') answer.applied = await migrate(sql, folder);
      if (request.do === 'rollback') answer.takenBack = await rollback(sql, request.steps, folder);
      const status = await migrationStatus(sql, folder);
      answer.pending = status.filter(({ applied }) => !applied).map(({ name }) => name);
    });
  });
  log('info', 'migration', { ...answer });
  return answer;
}

/** Whether a deployment's trigger sent the event: it has no payload. */
function isEmpty(event: unknown): boolean {
  if (event === undefined || event === null || event === '') return true;
  return typeof event === 'object' && Object.keys(event).length === 0;
}

async function withClient(login: DatabaseSecret, work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = connect(login);
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
