import { createHash } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { ConfigurationError } from '../../shared/errors.ts';
import { makeSigningKeys, renewSigningKeys, SigningKeys } from './signing-keys.ts';

/** What the secret holds from its creation until the first keys are made. */
const Unfilled = z.object({ keys: z.array(z.never()).max(0), edge: z.string().optional() });

/** What became of the keys. */
export interface KeyRenewal {
  /** False where nothing was due, or another one at the same time was faster. */
  changed: boolean;
  /** How many there are, with those that only verify. */
  keys: number;
}

const client = new SecretsManagerClient();

/**
 * Brings the stored signing keys up to date: makes the first, announces the next, lets it sign, drops what was replaced
 * long ago.
 *
 * @param secretId - a Secrets Manager id or ARN
 * @param options - leaked: drop every key and make a new one, because somebody else may have them
 * @throws ConfigurationError if the secret holds something else; the message holds no value of it
 */
export async function renewStoredKeys(
  secretId: string,
  at: Date,
  { leaked = false }: { leaked?: boolean | undefined } = {},
): Promise<KeyRenewal> {
  const { SecretString, VersionId } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const { stored, edge } = readKeys(secretId, SecretString);
  const due = leaked ? await makeSigningKeys(at) : await renewSigningKeys(stored, at);
  if (due === stored) return { changed: false, keys: due.keys.length };
  try {
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        // CloudFront has its proof from here, and goes on sending the same one.
        SecretString: JSON.stringify({ ...due, edge }),
        // Made of what was read: of two that read the same, the one that writes later is refused.
        ClientRequestToken: createHash('sha256').update(`after ${VersionId}`).digest('hex'),
      }),
    );
  } catch (error) {
    // Keys that somebody may have must go; whoever asks for that has to hear that they did not.
    if (leaked || !(error instanceof ResourceExistsException)) throw error;
    return { changed: false, keys: stored?.keys.length ?? 0 };
  }
  return { changed: true, keys: due.keys.length };
}

/** What is stored: no keys in a secret that was never filled. */
function readKeys(
  secretId: string,
  text = '',
): { stored: SigningKeys | undefined; edge: string | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigurationError(`secret ${secretId}: is not JSON`);
  }
  const unfilled = Unfilled.safeParse(value);
  if (unfilled.success) return { stored: undefined, edge: unfilled.data.edge };
  const parsed = SigningKeys.safeParse(value);
  // Keys that cannot be read are not written over: somebody has to look.
  if (!parsed.success) throw new ConfigurationError(`secret ${secretId}: holds no signing keys`);
  return { stored: parsed.data, edge: parsed.data.edge };
}
