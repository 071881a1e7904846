import * as z from 'zod';
import { noRefreshCookie } from '../auth/cookies.ts';
import { withPassword } from '../auth/credentials.ts';
import { GivenPassword } from '../auth/fields.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { Instant } from '../lists/fields.ts';
import { readUser } from '../resources/user.ts';
import { CONSENT_VERSION } from './consent-version.ts';
import { ConsentVersion, ProfileField } from './fields.ts';

/** A user's own account. */
export const Me = z
  .strictObject({
    id: z.uuid().describe('The id.'),
    email: z.string().describe('The address to log in with.'),
    isAdmin: z.boolean().describe('Whether it is an administrator.'),
    createdAt: Instant.describe('When it was registered.'),
    preferredProfile: ProfileField,
    hasConsented: z.boolean().describe('Whether the current risk consent has been accepted and stands.'),
    consentVersion: ConsentVersion.describe('The version of the risk consent that is current.'),
  })
  .meta({ id: 'Me', description: 'Who is logged in.' });

export const readMeEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me',
  operationId: 'readMe',
  summary: 'Who I am',
  access: 'user',
  answer: { status: 200, schema: Me, description: 'The caller.' },
  handle: async ({ caller }, { sql }) => {
    const { email, createdAt } = await readUser(sql, caller.userId);
    return {
      body: {
        id: caller.userId,
        email,
        isAdmin: caller.isAdmin,
        createdAt: createdAt.toISOString(),
        preferredProfile: caller.preferredProfile,
        hasConsented: caller.hasConsented,
        consentVersion: CONSENT_VERSION,
      },
    };
  },
});

export const deleteMeEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me',
  operationId: 'deleteMe',
  summary: 'Delete my account',
  description:
    'Ends all sessions; nobody can log in to the account any more. The row stays, for the record of consents. An administrator has to give up that right first.',
  access: 'user',
  body: z.strictObject({ password: GivenPassword }),
  answer: { status: 204, description: 'The account is deleted.' },
  problems: ['wrong-credentials', 'too-many-attempts', 'conflict'],
  handle: async ({ body, caller, event }, { sql, addressOf }) => {
    if (caller.isAdmin)
      throw problem('conflict', 'You are an administrator: have another one take that right away first.');
    const { email } = await readUser(sql, caller.userId);
    const credentials = { email, password: body.password, address: await addressOf(event) };
    await withPassword(sql, credentials, async (tx, userId) => {
      // Sessions end with it: the table sees to that.
      await tx`UPDATE users SET is_deleted = true WHERE id = ${userId}`;
    });
    return { body: undefined, cookies: [noRefreshCookie(event)] };
  },
});
