import * as z from 'zod';
import { endpoint } from '../core/endpoint.ts';
import { ALGORITHM } from './signing-keys.ts';

const PublicKey = z
  .strictObject({
    kty: z.literal('EC').describe('The kind of key.'),
    crv: z.literal('P-256').describe('Its curve.'),
    x: z.string().describe('A coordinate.'),
    y: z.string().describe('The other coordinate.'),
    kid: z.string().describe('The id by which tokens name it.'),
    alg: z.literal(ALGORITHM).describe('What it is for.'),
    use: z.literal('sig').describe('It verifies signatures.'),
  })
  .meta({ id: 'PublicKey', description: 'A public key (RFC 7517).' });

const PublicKeys = z
  .strictObject({
    keys: z
      .array(PublicKey)
      .describe('The one that signs first, then one that will, then those that were replaced.'),
  })
  .meta({ id: 'PublicKeys', description: 'A JSON Web Key Set.' });

export const readKeysEndpoint = endpoint({
  group: 'auth',
  method: 'GET',
  path: '/.well-known/jwks.json',
  operationId: 'readKeys',
  summary: 'The public keys of access tokens',
  description:
    'For whoever wants to verify an access token without asking. That its session has ended shows only here.',
  access: 'public',
  answer: { status: 200, schema: PublicKeys, description: 'The keys.' },
  handle: async (_request, { tokens }) => ({
    body: { keys: await tokens.publicKeys() },
    headers: { 'cache-control': 'public, max-age=300' },
  }),
});
