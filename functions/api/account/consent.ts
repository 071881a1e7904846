import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { originOf } from '../core/security-events.ts';
import { Instant } from '../lists/fields.ts';
import { acceptConsent, listConsents, withdrawConsent } from './consent-store.ts';
import { CONSENT_SHA256, CONSENT_TEXT } from './consent-text.ts';
import { CONSENT_VERSION } from './consent-version.ts';
import { ConsentVersion } from './fields.ts';

const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('The SHA-256 of the text in hexadecimal.');

const ConsentText = z
  .strictObject({
    version: ConsentVersion,
    text: z.string().describe('The text to accept, in Markdown.'),
    sha256: Sha256,
  })
  .meta({ id: 'ConsentText', description: 'The current risk notice.' });

export const ConsentItem = z
  .strictObject({
    version: ConsentVersion,
    textSha256: Sha256,
    acceptedAt: Instant.describe('When the user accepted the text, in UTC.'),
    withdrawnAt: Instant.nullable().describe(
      'When the user withdrew the consent, in UTC; null if it is valid.',
    ),
  })
  .meta({ id: 'Consent', description: 'The acceptance of a risk notice.' });

const Consents = z
  .strictObject({ items: z.array(ConsentItem).describe('Newest first.') })
  .meta({ id: 'Consents', description: 'All consents of the user.' });

export const readConsentEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/consent',
  operationId: 'readConsent',
  summary: 'Read the risk notice',
  description: 'Users must accept this text before they can see recommendations.',
  access: 'public',
  answer: { status: 200, schema: ConsentText, description: 'The current text.' },
  handle: async () => ({
    body: { version: CONSENT_VERSION, text: CONSENT_TEXT, sha256: CONSENT_SHA256 },
    // The notice is the same for all users.
    headers: { 'cache-control': 'public, max-age=300' },
  }),
});

export const acceptConsentEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/consent',
  operationId: 'acceptConsent',
  summary: 'Accept the risk notice',
  description: 'Accepting it again changes nothing.',
  access: 'user',
  body: z.strictObject({ version: ConsentVersion }),
  answer: { status: 200, schema: ConsentItem, description: 'The valid consent.' },
  problems: ['outdated-consent'],
  handle: async ({ body, caller, event }, services) => {
    if (body.version !== CONSENT_VERSION) {
      throw problem(
        'outdated-consent',
        `The current risk notice is version ${CONSENT_VERSION}. Read it at /v1/consent and accept that version.`,
        {
          members: { consentVersion: CONSENT_VERSION },
        },
      );
    }
    const origin = await originOf(event, services);
    return { body: await acceptConsent(services.sql, caller.userId, origin, wallClock()) };
  },
});

export const withdrawConsentEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/consent',
  operationId: 'withdrawConsent',
  summary: 'Withdraw my consent',
  description: 'You can no longer see recommendations. Your earlier consent stays in the history.',
  access: 'user',
  answer: { status: 204, description: 'There is no valid consent.' },
  handle: async ({ caller, event }, services) => {
    const origin = await originOf(event, services);
    await withdrawConsent(services.sql, caller.userId, origin, wallClock());
    return { body: undefined };
  },
});

export const listConsentsEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/consents',
  operationId: 'listConsents',
  summary: 'List my consents',
  access: 'user',
  answer: { status: 200, schema: Consents, description: 'All consents, including withdrawn ones.' },
  handle: async ({ caller }, { sql }) => ({ body: { items: await listConsents(sql, caller.userId) } }),
});
