import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { Instant } from '../lists/fields.ts';
import { readUser } from '../resources/user.ts';
import { ConsentItem } from './consent.ts';
import { listConsents } from './consent-store.ts';
import { listSessions, SessionItem } from './sessions.ts';
import { Settings } from './settings.ts';

const Export = z
  .strictObject({
    exportedAt: Instant.describe('When this was put together.'),
    user: z
      .strictObject({
        id: z.uuid().describe('The id.'),
        email: z.string().describe('The address to log in with.'),
        isAdmin: z.boolean().describe('Whether it is an administrator.'),
        createdAt: Instant.describe('When it was registered.'),
      })
      .describe('The account.'),
    settings: Settings,
    consents: z.array(ConsentItem).describe('The newest first.'),
    sessions: z.array(SessionItem).describe('Those that are not over.'),
  })
  .meta({
    id: 'Export',
    description: 'All that the service keeps about the user, but the hash of the password.',
  });

export const exportMeEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/export',
  operationId: 'exportMe',
  summary: 'All my data',
  description: 'Counts of failed logins are kept under hashes and cannot be told apart by user.',
  access: 'user',
  answer: { status: 200, schema: Export, description: 'All data about the caller.' },
  handle: async ({ caller }, { sql }) => {
    const at = wallClock();
    const { email, createdAt } = await readUser(sql, caller.userId);
    return {
      body: {
        exportedAt: at.toISOString(),
        user: { id: caller.userId, email, isAdmin: caller.isAdmin, createdAt: createdAt.toISOString() },
        settings: { preferredProfile: caller.preferredProfile },
        consents: await listConsents(sql, caller.userId),
        sessions: await listSessions(sql, caller, at),
      },
      headers: { 'content-disposition': 'attachment; filename="boursomatic.json"' },
    };
  },
});
