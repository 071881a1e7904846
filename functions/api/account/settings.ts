import * as z from 'zod';
import type { Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { ProfileField } from './fields.ts';

export const Settings = z
  .strictObject({ preferredProfile: ProfileField })
  .meta({ id: 'Settings', description: 'The settings of the user.' });

/** Changes a user's settings, and adds the row if it is missing. */
async function changeSettings(sql: Sql, userId: string, preferredProfile: Profile): Promise<void> {
  await sql`
    INSERT INTO user_settings (user_id, preferred_profile) VALUES (${userId}, ${preferredProfile})
    ON CONFLICT (user_id) DO UPDATE SET preferred_profile = ${preferredProfile}`;
}

export const readSettingsEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/settings',
  operationId: 'readSettings',
  summary: 'Read my settings',
  access: 'user',
  answer: { status: 200, schema: Settings, description: 'The settings.' },
  handle: async ({ caller }) => ({ body: { preferredProfile: caller.preferredProfile } }),
});

export const changeSettingsEndpoint = endpoint({
  group: 'account',
  method: 'PATCH',
  path: '/v1/me/settings',
  operationId: 'changeSettings',
  summary: 'Change my settings',
  access: 'user',
  body: z.strictObject({ preferredProfile: ProfileField }),
  answer: { status: 200, schema: Settings, description: 'The changed settings.' },
  handle: async ({ body, caller }, { sql }) => {
    await changeSettings(sql, caller.userId, body.preferredProfile);
    return { body };
  },
});
