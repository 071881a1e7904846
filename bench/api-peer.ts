import { readFile } from 'node:fs/promises';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { createLocalJWKSet, jwtVerify } from 'jose';
import pg from 'pg';
import { toPage } from '../functions/api/lists/keyset.ts';
import { type DetailRow, toDetail } from '../functions/api/recommendations/read-recommendation.ts';
import { type RecommendationRow, toRecommendation } from '../functions/api/recommendations/recommendation.ts';
import { keysOf, type SortedRow } from '../functions/api/recommendations/sorts.ts';
import { defined } from '../functions/shared/invariant.ts';
import type { DatabaseSecret } from '../functions/shared/secrets.ts';
import { LIST_QUERY, type Statement, type Statements } from './api-statements.ts';

/** Settings of the peer, which reads them from a file. */
export interface PeerSettings {
  login: DatabaseSecret;
  statements: Statements;
  keys: { keys: Record<string, string>[] };
  issuer: string;
  now: string;
  /** Whether statements have names, so that Postgres reuses their plans. */
  prepared: boolean;
}

/**
 * Serves the same list with Fastify and pg, in the style of their manuals: a pool, parameters, and jose for the token.
 * It gets the list's freshness from its settings instead of a query.
 */
const settings: PeerSettings = JSON.parse(await readFile(defined(process.argv[2], 'settings file'), 'utf8'));
const { login, statements, prepared } = settings;
const { username: user, dbname: database, password, host, port } = login;
const pool = new pg.Pool({ host, port, user, password, database, max: 10 });
const keys = createLocalJWKSet(settings.keys as Parameters<typeof createLocalJWKSet>[0]);
const now = new Date(settings.now);
const { profile, sort, limit, cursor: _cursor, ...filters } = LIST_QUERY;
const identity = { list: 'recommendations', profile, sort, ...filters };

const select = async <Row>(name: string, { text, parameters }: Statement) =>
  (await pool.query<Row>({ text, values: parameters, ...(prepared && { name }) })).rows;

/** @returns whether the token is the caller's; otherwise the reply has been sent */
async function admit(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['ES256'],
    issuer: settings.issuer,
    audience: 'boursomatic',
  });
  // The statement's parameters name one caller; the token must be that caller's.
  const parameters = [...statements.caller.parameters.slice(0, -1), new Date().toISOString()];
  if (!parameters.includes(String(payload.sid)) || !parameters.includes(String(payload.sub))) {
    reply.code(401).send({ title: 'not signed in' });
    return false;
  }
  const [caller] = await select<{ has_consented: boolean }>('caller', { ...statements.caller, parameters });
  if (!caller?.has_consented) reply.code(403).send({ title: 'consent' });
  return caller?.has_consented ?? false;
}

const app = fastify();
app.get(
  '/v1/recommendations',
  { schema: { querystring: { type: 'object', properties: { limit: { type: 'integer', maximum: 100 } } } } },
  async (request, reply) => {
    if (!(await admit(request, reply))) return reply;
    const rows = await select<RecommendationRow & SortedRow & { publication: string }>(
      'list',
      statements.list,
    );
    const { shown, nextCursor } = toPage(rows, limit, identity, (row) => keysOf(sort, row));
    return { ...statements.freshness, items: shown.map((row) => toRecommendation(row, now)), nextCursor };
  },
);
app.get<{ Params: { id: string } }>('/v1/recommendations/:id', async (request, reply) => {
  if (!(await admit(request, reply))) return reply;
  const statement = { ...statements.detail, parameters: [request.params.id] };
  const [row] = await select<DetailRow>('detail', statement);
  return row ? toDetail(row, { now, notice: null }) : reply.code(404).send({ title: 'not found' });
});
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
