import { pathToFileURL } from 'node:url';
import { registerInstruments } from '../../functions/ingest/instruments.ts';
import { ensureBenchmark, setBenchmark } from '../../functions/ingest/reference/benchmark.ts';
import { setReference } from '../../functions/ingest/reference/reference.ts';
import { DATABASE_ROLES, ENV } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { pipelineDatabase } from '../../functions/shared/pipeline-context.ts';
import { upgradeDatabase } from '../backup/upgrade.ts';
import type { Progress } from '../terminal/progress.ts';
import { decideOrigin } from './data-origin.ts';
import { type Installation, withLogin } from './installation.ts';
import { releaseStoreUrl } from './release-folder.ts';
import type { Source } from './source.ts';

/** Issuer of access tokens on one machine; independent of the port, so that tokens survive a change of it. */
const LOCAL_ISSUER = 'http://localhost';

/**
 * Prepares this process for runs: the database first, then the source.
 *
 * @returns the pipeline's database client; `closeDatabases` closes it
 */
export async function prepareRun(
  installation: Installation,
  source: Source,
  progress: Progress,
): Promise<Sql> {
  const sql = await prepareDatabase(installation, source, progress);
  await registerSource(sql, source);
  return sql;
}

/**
 * Applies migrations, and sets the environment variables that the functions read. The API can then serve.
 *
 * @returns the pipeline's database client; `closeDatabases` closes it
 */
export async function prepareDatabase(
  installation: Installation,
  source: Source,
  progress: Progress,
): Promise<Sql> {
  progress.update('Applying database migrations…');
  const applied = await upgradeDatabase(installation, { say: (line) => progress.line(line) });
  if (applied.length > 0) progress.line(`Applied ${applied.length} database migrations.`);
  await withLogin(installation, 'migrator', (migrator) =>
    decideOrigin(migrator, source.data === 'sample' ? 'sample' : 'real', installation.place),
  );
  process.env[ENV.pipelineDatabaseSecret] = installation.secretUrl(DATABASE_ROLES.pipeline);
  process.env[ENV.apiDatabaseSecret] = installation.secretUrl(DATABASE_ROLES.api);
  process.env[ENV.trainingDatabaseSecret] = installation.secretUrl(DATABASE_ROLES.training);
  process.env[ENV.signingKeysSecret] = installation.signingKeysUrl;
  process.env[ENV.tokenIssuer] ??= LOCAL_ISSUER;
  process.env[ENV.rawObjectsUrl] = pathToFileURL(`${installation.objects}/`).href;
  process.env[ENV.modelObjectsUrl] = releaseStoreUrl(installation);
  process.env[ENV.publicationObjectsUrl] = pathToFileURL(`${installation.publications}/`).href;
  if (source.asOf) process.env[ENV.clock] = `${source.asOf}T23:59:59.000Z`;
  if (source.notice) process.env[ENV.dataNotice] = source.notice;
  return pipelineDatabase();
}

/** Registers a source's instruments, its reference and its benchmark. */
export async function registerSource(sql: Sql, source: Source): Promise<void> {
  if (source.reference) await setReference(sql, source.reference);
  if (source.listings.length > 0) await registerInstruments(sql, source.listings);
  await (source.benchmark ? setBenchmark(sql, source.benchmark) : ensureBenchmark(sql));
}
