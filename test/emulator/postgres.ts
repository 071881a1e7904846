import { randomBytes } from 'node:crypto';
import { connect } from '../../functions/shared/database.ts';
import { PostgresCluster, removeCluster } from '../../local/installation/postgres-server.ts';

/**
 * Starts an empty Postgres. The stacks receive only the owner's login.
 *
 * @param home - a folder for the cluster, removed when it stops
 */
export async function startPostgres(home: string) {
  const password = randomBytes(24).toString('base64url');
  const cluster = new PostgresCluster(home, password);
  const server = await cluster.start({ owner: true });
  const login = { host: '127.0.0.1', port: server.port, username: 'postgres', password, sslmode: 'disable' };
  const admin = connect({ ...login, dbname: 'postgres' });
  await admin`CREATE DATABASE boursomatic`;
  await admin.end();
  return {
    login: { ...login, dbname: 'boursomatic' },
    stop: async () => {
      await server.stop();
      await removeCluster(home);
    },
  };
}
