import * as z from 'zod';
import { noRefreshCookie } from '../auth/cookies.ts';
import { readSecondFactor } from '../auth/second-factor-store.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { Instant } from '../lists/fields.ts';
import { OwnSecurityEvent } from '../resources/security-event.ts';
import { readUser } from '../resources/user.ts';
import { readChangesSeen } from './changes.ts';
import { CONSENT_VERSION } from './consent-version.ts';
import { ConsentVersion, ProfileField } from './fields.ts';
import { listNotices, MOST_NOTICES } from './notices.ts';

/** A user's own account. */
const Me = z
  .strictObject({
    id: z.uuid().describe('The id.'),
    email: z.string().describe('The e-mail address that the user logs in with.'),
    isAdmin: z.boolean().describe('Whether the user is an administrator.'),
    createdAt: Instant.describe('When the user registered, in UTC.'),
    preferredProfile: ProfileField,
    hasConsented: z.boolean().describe('Whether the user has a valid consent to the current risk notice.'),
    consentVersion: ConsentVersion.describe('The version of the current risk notice.'),
    hasSecondFactor: z.boolean().describe('Whether login requires a code of an authenticator app.'),
    recoveryCodesLeft: z
      .int()
      .nonnegative()
      .nullable()
      .describe('The number of recovery codes that still work. Null without a second factor.'),
    changesSeenAt: Instant.describe(
      'You have seen the changes of calls up to this instant, in UTC: the last one that you marked as seen, otherwise when you registered.',
    ),
    notices: z
      .array(OwnSecurityEvent)
      .max(MOST_NOTICES)
      .describe(
        'The newest events that you should know of and have not marked as seen: logins from a new address or browser, changes and resets of the password, changes of the second factor, the API keys or the administrator rights, and reused refresh tokens. Events of this session are not among them.',
      ),
  })
  .meta({ id: 'Me', description: 'The signed-in user.' });

export const readMeEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me',
  operationId: 'readMe',
  summary: 'Read my account',
  access: 'user',
  answer: { status: 200, schema: Me, description: 'Your account.' },
  handle: async ({ caller }, { sql }) => {
    const [{ email, createdAt }, secondFactor, changesSeenAt, notices] = await Promise.all([
      readUser(sql, caller.userId),
      readSecondFactor(sql, caller.userId),
      readChangesSeen(sql, caller.userId),
      listNotices(sql, caller),
    ]);
    return {
      body: {
        id: caller.userId,
        email,
        isAdmin: caller.isAdmin,
        createdAt: createdAt.toISOString(),
        preferredProfile: caller.preferredProfile,
        hasConsented: caller.hasConsented,
        consentVersion: CONSENT_VERSION,
        hasSecondFactor: secondFactor !== undefined,
        recoveryCodesLeft: secondFactor?.recoveryCodesLeft ?? null,
        changesSeenAt: (changesSeenAt ?? createdAt).toISOString(),
        notices,
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
    'Ends all sessions and disables the account. An administrator can restore it for 30 days. Then your personal data is erased; the record of consents stays under a pseudonym. An administrator must first lose the administrator rights.',
  access: 'user',
  confirmation: 'recent',
  answer: { status: 204, description: 'The account is deleted.' },
  problems: ['conflict'],
  handle: async ({ caller, event }, services) => {
    if (caller.isAdmin)
      throw problem(
        'conflict',
        'Administrators cannot delete their account. Ask another administrator to remove your rights first.',
      );
    const { userId } = caller;
    const origin = await originOf(event, services);
    await services.sql.begin(async (tx) => {
      // A trigger ends the sessions.
      const deleted = await tx`UPDATE users SET is_deleted = true WHERE id = ${userId} AND NOT is_deleted`;
      if (deleted.count > 0) await recordSecurityEvent(tx, { type: 'account-deleted', userId, origin });
    });
    return { body: undefined, cookies: [noRefreshCookie(event)] };
  },
});
