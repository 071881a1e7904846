import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openInstallation } from '../../local/installation/installation.ts';
import { connectSuperuser } from '../survival/service.ts';
import { differences, readTables, type Tables } from './compare-databases.ts';
import { DATABASE, type DaysService } from './days-service.ts';

/**
 * Backs a running service up, restores the backup into another folder, and compares every table. Then checks the
 * publications of the restored database.
 *
 * @param home - a folder for the backup and the other installation
 * @returns a sentence for each difference
 */
export async function backupAndRestore(
  service: DaysService,
  home: string,
  environment: Readonly<Record<string, string>>,
): Promise<string[]> {
  const file = join(home, 'backup.tar.zst');
  const restored = join(home, 'restored');
  const run = async (command: string, ...args: string[]) => {
    const path = fileURLToPath(new URL(`../../local/commands/${command}.ts`, import.meta.url));
    const env = { ...process.env, DATABASE_URL: '', ...environment };
    await promisify(execFile)(process.execPath, [path, ...args, '--database', DATABASE], { env });
  };
  const original = await service.ask(readTables);
  await run('backup', file, '--data-dir', service.dataDir);
  await service.end('SIGTERM');
  await run('restore', file, '--data-dir', restored);
  await run('ledger', 'verify', '--data-dir', restored);
  return differences(original ?? {}, await tablesOf(restored));
}

async function tablesOf(dataDir: string): Promise<Tables> {
  const installation = await openInstallation({ dataDir, database: DATABASE, owner: true });
  const sql = await connectSuperuser(dataDir, DATABASE);
  try {
    return await readTables(sql);
  } finally {
    await sql.end();
    await installation.close(true);
  }
}
