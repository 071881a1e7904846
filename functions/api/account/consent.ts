import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { Instant } from '../lists/fields.ts';
import { acceptConsent, listConsents, withdrawConsent } from './consent-store.ts';
import { CONSENT_SHA256, CONSENT_TEXT } from './consent-text.ts';
import { CONSENT_VERSION } from './consent-version.ts';
import { ConsentVersion } from './fields.ts';

const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the text, in hexadecimal.');

const ConsentText = z
  .strictObject({
    version: ConsentVersion,
    text: z.string().describe('What has to be accepted, in Markdown.'),
    sha256: Sha256,
  })
  .meta({ id: 'ConsentText', description: 'The risk consent that is asked for now.' });

/** A consent that was given. */
export const ConsentItem = z
  .strictObject({
    version: ConsentVersion,
    textSha256: Sha256,
    acceptedAt: Instant.describe('When it was given.'),
    withdrawnAt: Instant.nullable().describe('When it was withdrawn; null while it stands.'),
  })
  .meta({ id: 'Consent', description: 'That the user accepted a text.' });

const Consents = z
  .strictObject({ items: z.array(ConsentItem).describe('The newest first.') })
  .meta({ id: 'Consents', description: 'All consents that the user ever gave.' });

export const readConsentEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/consent',
  operationId: 'readConsent',
  summary: 'The risk consent',
  description: 'What has to be accepted before recommendations are shown.',
  access: 'public',
  answer: { status: 200, schema: ConsentText, description: 'The current text.' },
  handle: async () => ({
    body: { version: CONSENT_VERSION, text: CONSENT_TEXT, sha256: CONSENT_SHA256 },
    // The same for everybody, and soon asked for again.
    headers: { 'cache-control': 'public, max-age=300' },
  }),
});

export const acceptConsentEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/consent',
  operationId: 'acceptConsent',
  summary: 'Accept the risk consent',
  description: 'Accepting twice changes nothing.',
  access: 'user',
  body: z.strictObject({ version: ConsentVersion }),
  answer: { status: 200, schema: ConsentItem, description: 'The consent.' },
  problems: ['outdated-consent'],
  handle: async ({ body, caller }, { sql }) => {
    if (body.version !== CONSENT_VERSION) {
      throw problem(
        'outdated-consent',
        `The current version is ${CONSENT_VERSION}: read it and accept that.`,
        {
          members: { consentVersion: CONSENT_VERSION },
        },
      );
    }
    return { body: await acceptConsent(sql, caller.userId, wallClock()) };
  },
});

export const withdrawConsentEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/consent',
  operationId: 'withdrawConsent',
  summary: 'Withdraw the risk consent',
  description: 'No recommendation is shown from now on. That it was given, and when, stays in the history.',
  access: 'user',
  answer: { status: 204, description: 'No consent stands.' },
  handle: async ({ caller }, { sql }) => {
    await withdrawConsent(sql, caller.userId, wallClock());
    return { body: undefined };
  },
});

export const listConsentsEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/consents',
  operationId: 'listConsents',
  summary: 'What I accepted, and when',
  access: 'user',
  answer: { status: 200, schema: Consents, description: 'All consents, withdrawn ones too.' },
  handle: async ({ caller }, { sql }) => ({ body: { items: await listConsents(sql, caller.userId) } }),
});
