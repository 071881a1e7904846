import { z } from 'zod';
import { ConfigurationError } from '../../../shared/errors.ts';
import { readSecret } from '../../../shared/secrets.ts';

/** The form in which the Secrets Manager console stores one key and its value. */
const Pair = z.object({ apikey: z.string() });

/**
 * Reads the key for Stooq: the text of a secret, or `{"apikey": "..."}`.
 *
 * @param secretId - a Secrets Manager id or ARN, or a `file:` URL
 * @throws ConfigurationError if it cannot be read or is not a key; the message contains no part of it
 */
export async function readStooqKey(secretId: string): Promise<string> {
  const text = (await readSecret(secretId)).trim();
  const key = text.startsWith('{') ? apikeyOf(text) : text;
  if (key && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new ConfigurationError(`secret ${secretId}: holds no key for Stooq`);
}

function apikeyOf(text: string): string | undefined {
  try {
    return Pair.parse(JSON.parse(text)).apikey;
  } catch {
    return undefined;
  }
}
