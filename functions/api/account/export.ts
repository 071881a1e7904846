import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { readSecondFactor } from '../auth/second-factor-store.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { Instant } from '../lists/fields.ts';
import { listApiKeys } from '../resources/api-keys.ts';
import { OwnSecurityEvent } from '../resources/security-event.ts';
import { readUser } from '../resources/user.ts';
import { ApiKeyItem } from './api-keys.ts';
import { readChangesSeen } from './changes.ts';
import { ConsentItem } from './consent.ts';
import { listConsents } from './consent-store.ts';
import { listOwnEvents } from './security-events.ts';
import { listSessions, SessionItem } from './sessions.ts';
import { Settings } from './settings.ts';
import { exportWatchlist } from './watchlist/export-watchlist.ts';

/** The most events in an export. A response of Lambda has at most 6 MB. */
const MOST_EVENTS = 10_000;

/** Written out: the first use of Intl takes a tenth of the function's start. */
const MOST_EVENTS_TEXT = '10,000';

const Export = z
  .strictObject({
    exportedAt: Instant.describe('When the export was made, in UTC.'),
    user: z
      .strictObject({
        id: z.uuid().describe('The id.'),
        email: z.string().describe('The e-mail address that the user logs in with.'),
        isAdmin: z.boolean().describe('Whether the user is an administrator.'),
        createdAt: Instant.describe('When the user registered, in UTC.'),
        secondFactorSince: Instant.nullable().describe(
          'When the user activated the second factor, in UTC. Null without one.',
        ),
        changesSeenAt: Instant.nullable().describe(
          'The changes of calls up to this instant are marked as seen, in UTC. Null if the user never marked any.',
        ),
      })
      .describe('The account.'),
    settings: Settings,
    consents: z.array(ConsentItem).describe('Newest first.'),
    sessions: z.array(SessionItem).describe('The sessions that have not ended.'),
    apiKeys: z.array(ApiKeyItem).describe('The API keys that are not revoked, newest first.'),
    watchlist: z
      .array(
        z.strictObject({
          symbol: z.string().describe('The symbol of the stock.'),
          note: z.string().nullable().describe('One line by the user; null without one.'),
          followedAt: Instant.describe('When the user followed it, in UTC.'),
        }),
      )
      .describe('The followed stocks, by symbol.'),
    addedInstruments: z
      .array(
        z.strictObject({
          symbol: z.string().describe('The symbol of the stock.'),
          addedAt: Instant.describe('When the user added it to the installation, in UTC.'),
        }),
      )
      .describe('The stocks that the user added by following them, by symbol.'),
    securityEvents: z
      .array(OwnSecurityEvent)
      .describe(`Newest first, at most ${MOST_EVENTS_TEXT}. \`listOwnSecurityEvents\` has all of them.`),
  })
  .meta({
    id: 'Export',
    description:
      'All data that the service stores about the user, except the hashes of the password and of API keys, and the secrets of the second factor.',
  });

export const exportMeEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/export',
  operationId: 'exportMe',
  summary: 'Export my data',
  description:
    'Counters of failed logins are not included, because they are stored as hashes that cannot be traced to a user.',
  access: 'user',
  confirmation: 'recent',
  answer: { status: 200, schema: Export, description: 'All data about you.' },
  handle: async ({ caller, event }, services) => {
    const { sql } = services;
    const at = wallClock();
    await recordSecurityEvent(sql, {
      type: 'data-exported',
      userId: caller.userId,
      origin: await originOf(event, services),
    });
    const { email, createdAt } = await readUser(sql, caller.userId);
    const secondFactor = await readSecondFactor(sql, caller.userId);
    return {
      body: {
        exportedAt: at.toISOString(),
        user: {
          id: caller.userId,
          email,
          isAdmin: caller.isAdmin,
          createdAt: createdAt.toISOString(),
          secondFactorSince: secondFactor?.activatedAt.toISOString() ?? null,
          changesSeenAt: (await readChangesSeen(sql, caller.userId))?.toISOString() ?? null,
        },
        settings: { preferredProfile: caller.preferredProfile },
        consents: await listConsents(sql, caller.userId),
        sessions: await listSessions(sql, caller, at),
        apiKeys: await listApiKeys(sql, caller.userId),
        ...(await exportWatchlist(sql, caller.userId)),
        securityEvents: (await listOwnEvents(sql, caller.userId, { limit: MOST_EVENTS })).items,
      },
      headers: { 'content-disposition': 'attachment; filename="boursomatic.json"' },
    };
  },
});
