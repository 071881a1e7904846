import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENV } from '../functions/shared/constants.ts';
import { connect } from '../functions/shared/database.ts';
import { defined } from '../functions/shared/invariant.ts';
import { Progress } from '../local/terminal/progress.ts';
import type { Load, LoadFigures } from './api-load.ts';
import type { PeerSettings } from './api-peer.ts';
import { BENCH_USER } from './api-seed.ts';
import type { SqlLoad } from './api-sql.ts';
import { readStatements } from './api-statements.ts';
import { makeWorld, type World } from './api-world.ts';
import { pinSelf, runBenchProgram, type Server, startServer } from './processes.ts';
import { profileFolder } from './processor-shares.ts';
import { median, rounded } from './quantile.ts';

export const SIZES = { instruments: 5_000, recommendations: 1_000_000 };

/** The server has one core to itself; the database, the load generator and this process share the other. */
export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** Rounds in which the measurements alternate; the results are medians. */
const ROUNDS = 5;
const SECONDS = 3;

/** Long enough that the start of the server hardly counts in its profile. */
const PROFILED_SECONDS = 20;

/** Concurrent connections: enough to keep a core busy. */
const CONNECTIONS = 8;

/**
 * Measures the API on a million recommendations: the list, its bare SQL through the same driver, the list served by
 * Fastify with pg, one recommendation likewise, and a login.
 */
export async function benchApi(): Promise<Record<string, number>> {
  const progress = new Progress();
  pinSelf(OTHER_CORE);
  const world = await makeWorld(SIZES, progress);
  try {
    return await measure(world, progress);
  } finally {
    await world.remove();
  }
}

async function measure(world: World, progress: Progress): Promise<Record<string, number>> {
  const { environment, login } = world;
  const api = await startServer('api-server.ts', { core: SERVER_CORE, environment });
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-peer-'));
  const servers: Server[] = [api];
  try {
    const accessToken = await logIn(api.url);
    const headers = { authorization: `Bearer ${accessToken}` };
    const ids = await activeIds(world);
    const statements = await readStatements(
      login,
      environment,
      accessToken,
      defined(ids[0], 'recommendation'),
    );
    const keys = (await (await fetch(`${api.url}/.well-known/jwks.json`)).json()) as PeerSettings['keys'];
    const startPeer = async (prepared: boolean): Promise<Server> => {
      const file = join(folder, `${prepared}.json`);
      const settings: PeerSettings = {
        login,
        statements,
        keys,
        issuer: defined(environment[ENV.tokenIssuer], ENV.tokenIssuer),
        now: defined(environment[ENV.clock], ENV.clock),
        prepared,
      };
      await writeFile(file, JSON.stringify(settings));
      const peer = await startServer('api-peer.ts', { core: SERVER_CORE, args: [file] });
      servers.push(peer);
      return peer;
    };
    const idiomatic = await startPeer(false);
    const named = await startPeer(true);
    const paths = ids.map((id) => `/v1/recommendations/${id}`);
    for (const path of ['/v1/recommendations', defined(paths[0], 'path')])
      await assertSameResponses(
        servers.map(({ url }) => `${url}${path}`),
        headers,
      );

    const load = async (server: Server, part: Partial<Load>, connections = CONNECTIONS) => {
      const url = `${server.url}/v1/recommendations`;
      const before = server.processorTime();
      const all: Load = { url, headers, ...part, connections, seconds: SECONDS };
      const measured = await runBenchProgram<LoadFigures>('api-load.ts', [JSON.stringify(all)], OTHER_CORE);
      const after = server.processorTime();
      if (before === undefined || after === undefined) return measured;
      return { ...measured, processor: (after - before) / measured.requests };
    };
    const bare = (connections: number, statement: Partial<SqlLoad> = {}) => {
      const list: SqlLoad = { login, statement: statements.list, connections, seconds: SECONDS };
      const part: SqlLoad = { ...list, ...statement };
      return runBenchProgram<LoadFigures>('api-sql.ts', [JSON.stringify(part)], SERVER_CORE);
    };
    const figures = new Rounds();
    for (let round = 0; round <= ROUNDS; round++) {
      progress.update(round === 0 ? 'Warming up…' : `Round ${round} of ${ROUNDS}…`);
      const keep = round > 0;
      figures.add(keep, 'sql1', await bare(1));
      figures.add(keep, 'list1', await load(api, {}, 1));
      figures.add(keep, 'sql', await bare(CONNECTIONS));
      figures.add(keep, 'list', await load(api, {}));
      figures.add(keep, 'fastify', await load(idiomatic, {}));
      figures.add(keep, 'fastifyPrepared', await load(named, {}));
      figures.add(keep, 'detailSql', await bare(CONNECTIONS, { statement: statements.detail, ids }));
      figures.add(keep, 'detail', await load(api, { url: api.url, paths }));
      figures.add(keep, 'detailFastifyPrepared', await load(named, { url: named.url, paths }));
      figures.add(keep, 'login', await load(api, { url: `${api.url}/v1/auth/login`, ...LOGIN }, 2));
    }
    progress.update('Profiling…');
    const profiled = async (name: string, urls: string[]) => {
      const profile = await profileFolder();
      try {
        const server = await startServer('api-server.ts', {
          core: SERVER_CORE,
          environment: { ...environment, ...profile.environment },
        });
        await load(server, { url: server.url, paths: urls, seconds: PROFILED_SECONDS }).finally(() =>
          server.stop(),
        );
        const shares = Object.entries(await profile.shares());
        return Object.fromEntries(shares.map(([part, share]) => [`${name}Percent.${part}`, share]));
      } finally {
        await profile.remove();
      }
    };
    return {
      ...figures.summary(world.seedSeconds),
      ...(await profiled('list', ['/v1/recommendations'])),
      ...(await profiled('detail', paths)),
    };
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const LOGIN = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(BENCH_USER),
} as const;

/** Logs the user of the world in, and returns an access token. */
export async function logIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/auth/login`, LOGIN);
  const { accessToken } = (await answer.json()) as { accessToken?: string };
  if (!accessToken) throw new Error(`the login failed with status ${answer.status}`);
  return accessToken;
}

/** @throws Error unless all servers return the same response, without which their times are not comparable */
async function assertSameResponses(urls: readonly string[], headers: Record<string, string>): Promise<void> {
  const answers = await Promise.all(urls.map(async (url) => (await fetch(url, { headers })).json()));
  const [first, ...others] = answers.map((answer) => JSON.stringify(answer));
  if (others.some((other) => other !== first)) throw new Error('the servers return different responses');
}

/** The ids of 500 active recommendations. */
export async function activeIds({ login }: World): Promise<string[]> {
  const sql = connect(login);
  try {
    const rows = await sql<{ id: string }[]>`
      SELECT id FROM recommendations WHERE is_active ORDER BY md5(id::text) LIMIT 500`;
    return rows.map(({ id }) => id);
  } finally {
    await sql.end();
  }
}

/** Collects the figures of all rounds. */
class Rounds {
  readonly #rounds = new Map<string, LoadFigures[]>();

  add(keep: boolean, name: string, figures: LoadFigures): void {
    if (keep) this.#rounds.set(name, [...(this.#rounds.get(name) ?? []), figures]);
  }

  of(name: string, figure: keyof LoadFigures): number {
    return median((this.#rounds.get(name) ?? []).map((figures) => figures[figure] ?? Number.NaN));
  }

  summary(seedSeconds: number): Record<string, number> {
    const summary: Record<string, number> = {
      vsSql: rounded(this.of('list', 'p99') / this.of('sql', 'p99')),
      vsSqlAlone: rounded(this.of('list1', 'p99') / this.of('sql1', 'p99')),
      detailVsSql: rounded(this.of('detail', 'p99') / this.of('detailSql', 'p99')),
      detailVsFastifyPrepared: rounded(
        this.of('detail', 'perSecond') / this.of('detailFastifyPrepared', 'perSecond'),
      ),
      vsFastify: rounded(this.of('list', 'perSecond') / this.of('fastify', 'perSecond')),
      vsFastifyPrepared: rounded(this.of('list', 'perSecond') / this.of('fastifyPrepared', 'perSecond')),
    };
    if (!Number.isNaN(this.of('list', 'processor'))) {
      summary.vsSqlProcessor = rounded(this.of('list', 'processor') / this.of('sql', 'processor'));
      summary.vsFastifyProcessor = rounded(this.of('fastify', 'processor') / this.of('list', 'processor'));
    }
    for (const name of this.#rounds.keys()) {
      summary[`${name}P50`] = rounded(this.of(name, 'p50'));
      summary[`${name}P99`] = rounded(this.of(name, 'p99'));
      summary[`${name}PerSecond`] = Math.round(this.of(name, 'perSecond'));
    }
    return { ...summary, seedSeconds: Math.round(seedSeconds) };
  }
}
