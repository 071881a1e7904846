import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import type { Sql } from '../../shared/database.ts';
import { endSessions } from '../auth/session-store.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { Instant } from '../lists/fields.ts';

/** A session that has not ended. */
export const SessionItem = z
  .strictObject({
    id: z.uuid().describe('The id.'),
    startedAt: Instant.describe('When the user logged in, in UTC.'),
    lastUsedAt: Instant.describe('When the session last received an access token, in UTC.'),
    expiresAt: Instant.describe('When the session expires, in UTC.'),
    userAgent: z.string().nullable().describe('The `User-Agent` of the browser or program that logged in.'),
    isCurrent: z.boolean().describe('Whether this request belongs to the session.'),
  })
  .meta({ id: 'SessionItem', description: 'A session that has not ended.' });
export type SessionItem = z.output<typeof SessionItem>;

const Sessions = z
  .strictObject({ items: z.array(SessionItem).describe('Most recently used first.') })
  .meta({ id: 'Sessions', description: 'The sessions of the user.' });

interface SessionRow {
  id: string;
  started_at: Date;
  last_used_at: Date;
  expires_at: Date;
  user_agent: string | null;
}

/** Lists a user's sessions that have not ended. */
export async function listSessions(
  sql: Sql,
  { userId, sessionId }: { userId: string; sessionId: string },
  at: Date,
): Promise<SessionItem[]> {
  const rows = await sql<SessionRow[]>`
    SELECT id, started_at, last_used_at, expires_at, user_agent FROM sessions
    WHERE user_id = ${userId} AND ended_at IS NULL AND expires_at > ${at}
    ORDER BY last_used_at DESC, id DESC`;
  return rows.map((row) => ({
    id: row.id,
    startedAt: row.started_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    userAgent: row.user_agent,
    isCurrent: row.id === sessionId,
  }));
}

export const listSessionsEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/sessions',
  operationId: 'listSessions',
  summary: 'List my sessions',
  access: 'user',
  answer: { status: 200, schema: Sessions, description: 'The sessions that have not ended.' },
  handle: async ({ caller }, { sql }) => ({ body: { items: await listSessions(sql, caller, wallClock()) } }),
});

export const endSessionEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/sessions/{id}',
  operationId: 'endSession',
  summary: 'End one of my sessions',
  description: 'Also invalidates its access tokens.',
  access: 'user',
  params: z.strictObject({ id: z.uuid('must be a UUID').describe('The id of the session.') }),
  answer: { status: 204, description: 'The session has ended.' },
  problems: ['not-found'],
  handle: async ({ params, caller, event }, services) => {
    const which = { sessionId: params.id, userId: caller.userId };
    const origin = await originOf(event, services);
    await services.sql.begin(async (tx) => {
      const ended = await endSessions(tx, which, 'ended-elsewhere', wallClock());
      if (ended.length === 0)
        throw problem('not-found', 'You have no session with this id. It may have ended already.');
      await recordSecurityEvent(tx, {
        type: 'session-ended',
        userId: caller.userId,
        origin,
        detail: { sessionId: params.id },
      });
    });
    return { body: undefined };
  },
});
