import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Installation, openInstallation } from './installation.ts';
import { removeCluster } from './postgres-server.ts';

/**
 * Opens an installation in a temporary folder, with a server of its own. Closing it stops the server and removes
 * both.
 *
 * @param prefix - start of the folder's name
 */
export async function openScratchInstallation(prefix: string, database: string): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), prefix));
  try {
    const installation = await openInstallation({ dataDir, database, owner: true });
    return {
      ...installation,
      close: async () => {
        await installation.close();
        await removeDataFolder(dataDir);
      },
    };
  } catch (error) {
    await removeDataFolder(dataDir);
    throw error;
  }
}

/** Removes a data folder and its cluster, wherever the cluster is. The server must be stopped. */
export async function removeDataFolder(dataDir: string): Promise<void> {
  await removeCluster(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
}
