import { createHash } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { ConfigurationError } from '../../shared/errors.ts';
import { addEncryptionKey, EncryptionKeys } from './encryption-keys.ts';
import { makeSigningKeys, renewSigningKeys, SigningKeys } from './signing-keys.ts';

/** The secret before the first keys are generated. */
const Unfilled = z.object({
  keys: z.array(z.never()).max(0),
  edge: z.string().optional(),
  encryption: EncryptionKeys.optional(),
});

/** The result of a renewal. */
export interface KeyRenewal {
  /** False if nothing was due, or a concurrent renewal was first. */
  changed: boolean;
  /** The number of keys, including those that only verify. */
  keys: number;
}

const client = new SecretsManagerClient();

/**
 * Updates the stored signing keys: generates the first key, announces the next one, switches to it, and drops expired
 * ones. Also generates the first key that encrypts secrets in the database, which is never dropped.
 *
 * @param secretId - a Secrets Manager id or ARN
 * @param options - leaked: replaces all signing keys at once, because somebody else may have them, and adds an
 *   encryption key
 * @throws ConfigurationError if the secret has another format; the message contains none of its values
 */
export async function renewStoredKeys(
  secretId: string,
  at: Date,
  { leaked = false }: { leaked?: boolean | undefined } = {},
): Promise<KeyRenewal> {
  const { SecretString, VersionId } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const { stored, edge, encryption } = readKeys(secretId, SecretString);
  const due = leaked ? await makeSigningKeys(at) : await renewSigningKeys(stored, at);
  const encrypting = leaked || !encryption ? addEncryptionKey(encryption) : encryption;
  if (due === stored && encrypting === encryption) return { changed: false, keys: due.keys.length };
  try {
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        // CloudFront reads its proof from this secret, so the proof must stay. Without an old encryption key, the second
        // factors that it encrypted would be lost.
        SecretString: JSON.stringify({ ...due, edge, encryption: encrypting }),
        // Derived from the version that was read, so that of two concurrent renewals the later write is refused.
        ClientRequestToken: createHash('sha256').update(`after ${VersionId}`).digest('hex'),
      }),
    );
  } catch (error) {
    // A renewal after a leak must not fail silently.
    if (leaked || !(error instanceof ResourceExistsException)) throw error;
    return { changed: false, keys: stored ? stored.keys.length : 0 };
  }
  return { changed: true, keys: due.keys.length };
}

/** Parses the secret. A new secret has no keys. */
function readKeys(
  secretId: string,
  text = '',
): { stored: SigningKeys | undefined } & Pick<SigningKeys, 'edge' | 'encryption'> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigurationError(`secret ${secretId}: is not JSON`);
  }
  const unfilled = Unfilled.safeParse(value);
  if (unfilled.success) return { stored: undefined, ...unfilled.data };
  const parsed = SigningKeys.safeParse(value);
  // Keys in an unknown format are not overwritten: an operator has to look at them.
  if (!parsed.success) throw new ConfigurationError(`secret ${secretId}: holds no signing keys`);
  const { edge, encryption } = parsed.data;
  return { stored: parsed.data, edge, encryption };
}
