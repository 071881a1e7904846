import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { REQUESTS_PER_MINUTE } from '../core/request-rate.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { Id, Instant } from '../lists/fields.ts';
import { textParameter } from '../lists/parameters.ts';
import { createApiKey, listApiKeys, MOST_API_KEYS, revokeApiKeys } from '../resources/api-keys.ts';

const LONGEST_NAME = 60;

/** How long a key works, in days. docs/adr/0057 gives the reasons. */
const LIFETIME = { standard: 90, longest: 365 } as const;

const LIFETIME_RULE = `must be a whole number from 1 to ${LIFETIME.longest}`;

const FIELDS = {
  id: Id,
  name: z.string().describe('The name that the user gave the key.'),
  ending: z.string().describe('The last four characters of the key.'),
  createdAt: Instant.describe('When the key was made, in UTC.'),
  expiresAt: Instant.describe('When the key expires or has expired, in UTC.'),
  lastUsedAt: Instant.nullable().describe(
    'When the key was last used, in UTC, to the minute; null if it was never used.',
  ),
  mayFollow: z.boolean().describe('Whether the key may change the watchlist.'),
};

export const ApiKeyItem = z
  .strictObject(FIELDS)
  .meta({ id: 'ApiKey', description: 'An API key that is not revoked, without its secret part.' });

const NewApiKey = z
  .strictObject({ ...FIELDS, key: z.string().describe('The key, which begins with `bmk_`.') })
  .meta({ id: 'NewApiKey', description: 'A new API key. The API shows it only once.' });

const ApiKeys = z
  .strictObject({ items: z.array(ApiKeyItem).describe('Newest first, including expired ones.') })
  .meta({ id: 'ApiKeys', description: 'The API keys of the user.' });

/** The body of POST /v1/me/api-keys. */
const KeyRequest = z.strictObject({
  name: textParameter(LONGEST_NAME).describe(
    'A name by which you recognise the key, such as the program that uses it.',
  ),
  expiresInDays: z
    .int(LIFETIME_RULE)
    .min(1, LIFETIME_RULE)
    .max(LIFETIME.longest, LIFETIME_RULE)
    .default(LIFETIME.standard)
    .describe(`How many days the key works; ${LIFETIME.standard} by default.`),
  mayFollow: z
    .boolean('must be true or false')
    .default(false)
    .describe('Whether the key may change your watchlist; false by default.'),
});

export const listApiKeysEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/api-keys',
  operationId: 'listApiKeys',
  summary: 'List my API keys',
  access: 'user',
  answer: { status: 200, schema: ApiKeys, description: 'The keys that are not revoked.' },
  handle: async ({ caller }, { sql }) => ({ body: { items: await listApiKeys(sql, caller.userId) } }),
});

export const createApiKeyEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/api-keys',
  operationId: 'createApiKey',
  summary: 'Make an API key',
  description: [
    'A program sends the key in place of an access token: `Authorization: Bearer bmk_…`.',
    'The key reads market data and your watchlist, and recommendations if you have accepted the risk notice. It cannot read the rest of your account. It changes nothing, except your watchlist if you set `mayFollow`.',
    `It may send ${REQUESTS_PER_MINUTE} requests a minute. You may have ${MOST_API_KEYS} keys that have not expired.`,
  ].join(' '),
  access: 'user',
  confirmation: 'recent',
  body: KeyRequest,
  answer: {
    status: 201,
    schema: NewApiKey,
    description: 'The key. Store it now: the API never shows it again.',
  },
  problems: ['conflict'],
  handle: async ({ body, caller: { userId, sessionId }, event }, services) => {
    const origin = await originOf(event, services);
    return services.sql.begin(async (tx) => {
      const made = await createApiKey(tx, { userId, ...body }, wallClock());
      await recordSecurityEvent(tx, {
        type: 'api-key-created',
        userId,
        origin,
        detail: { apiKeyId: made.id, sessionId },
      });
      return { body: made };
    });
  },
});

export const revokeApiKeyEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/api-keys/{id}',
  operationId: 'revokeApiKey',
  summary: 'Revoke one of my API keys',
  description: 'The key stops working at once, and for good. Also removes an expired key from the list.',
  access: 'user',
  confirmation: 'recent',
  params: z.strictObject({ id: z.uuid('must be a UUID').describe('The id of the key.') }),
  answer: { status: 204, description: 'The key is revoked.' },
  problems: ['not-found'],
  handle: async ({ params: { id }, caller: { userId, sessionId }, event }, services) => {
    const origin = await originOf(event, services);
    await services.sql.begin(async (tx) => {
      if ((await revokeApiKeys(tx, { userId, id }, wallClock())) === 0)
        throw problem('not-found', 'You have no API key with this id. It may be revoked already.');
      await recordSecurityEvent(tx, {
        type: 'api-key-revoked',
        userId,
        origin,
        detail: { apiKeyId: id, sessionId },
      });
    });
    return { body: undefined };
  },
});
