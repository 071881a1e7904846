import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { IdParams } from '../lists/parameters.ts';
import { revokeApiKeys } from '../resources/api-keys.ts';

export const endUserSessionsEndpoint = endpoint({
  group: 'admin',
  method: 'DELETE',
  path: '/v1/admin/users/{id}/sessions',
  operationId: 'endUserSessions',
  summary: 'End all sessions of a user',
  description:
    'Also invalidates their access tokens, and revokes the API keys of the user. The user can log in again.',
  access: 'admin',
  confirmation: 'recent',
  params: IdParams,
  answer: { status: 204, description: 'The user has no session and no API key.' },
  problems: ['not-found'],
  handle: async ({ params: { id }, caller, event }, services) => {
    const origin = await originOf(event, services);
    await services.sql.begin(async (tx) => {
      const found = await tx`SELECT FROM users WHERE id = ${id}`;
      if (found.count === 0) throw problem('not-found', 'There is no user with this id.');
      const at = wallClock();
      const ended = await tx`
        UPDATE sessions SET ended_at = ${at}, end_reason = 'ended-elsewhere'
        WHERE user_id = ${id} AND ended_at IS NULL`;
      const apiKeys = await revokeApiKeys(tx, { userId: id }, at);
      if (ended.count > 0 || apiKeys > 0)
        await recordSecurityEvent(tx, {
          type: 'sessions-ended',
          userId: id,
          actorId: caller.userId,
          origin,
          detail: { sessions: ended.count, apiKeys },
        });
    });
    return { body: undefined };
  },
});
