import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { SeenUntil, seenUntil } from './seen.ts';

/** Up to when a user has marked the changes of calls as seen; null if never. */
export async function readChangesSeen(sql: Sql, userId: string): Promise<Date | null> {
  const [settings] = await sql<{ changes_seen_at: Date | null }[]>`
    SELECT changes_seen_at FROM user_settings WHERE user_id = ${userId}`;
  return settings?.changes_seen_at ?? null;
}

export const markChangesSeenEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/changes/seen',
  operationId: 'markChangesSeen',
  summary: 'Mark changes as seen',
  description:
    '`readMe` then has this instant as `changesSeenAt`, on every device. An instant before the previous one changes nothing. A future instant is treated as now.',
  access: 'user',
  body: z.strictObject({
    until: SeenUntil.describe('The `occurredAt` of the newest change that the user has seen.'),
  }),
  answer: { status: 204, description: 'The changes are marked as seen.' },
  handle: async ({ body, caller }, { sql }) => {
    const until = seenUntil(body.until);
    await sql`
      INSERT INTO user_settings (user_id, changes_seen_at) VALUES (${caller.userId}, ${until})
      ON CONFLICT (user_id) DO UPDATE
        SET changes_seen_at = greatest(user_settings.changes_seen_at, excluded.changes_seen_at)`;
    return { body: undefined };
  },
});
