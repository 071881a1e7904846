import * as z from 'zod';
import { endpoint } from '../core/endpoint.ts';
import { ALGORITHM } from './signing-keys.ts';

const PublicKey = z
  .strictObject({
    kty: z.literal('EC').describe('The key type.'),
    crv: z.literal('P-256').describe('The curve.'),
    x: z.string().describe('The x coordinate.'),
    y: z.string().describe('The y coordinate.'),
    kid: z.string().describe('The key id, which the header of a token names.'),
    alg: z.literal(ALGORITHM).describe('The signature algorithm.'),
    use: z.literal('sig').describe('Always `sig`: the key verifies signatures.'),
  })
  .meta({ id: 'PublicKey', description: 'A public key (RFC 7517).' });

const PublicKeys = z
  .strictObject({
    keys: z
      .array(PublicKey)
      .describe('The current key first, then the announced next one, then replaced ones.'),
  })
  .meta({ id: 'PublicKeys', description: 'A JSON Web Key Set.' });

export const readKeysEndpoint = endpoint({
  group: 'auth',
  method: 'GET',
  path: '/.well-known/jwks.json',
  operationId: 'readKeys',
  summary: 'Read the public keys of access tokens',
  description:
    'Other services can verify access tokens with these keys. The keys do not show whether the session of a token has ended; only a request to this API does.',
  access: 'public',
  answer: { status: 200, schema: PublicKeys, description: 'The key set.' },
  handle: async (_request, { tokens }) => ({
    body: { keys: await tokens.publicKeys() },
    headers: { 'cache-control': 'public, max-age=300' },
  }),
});
