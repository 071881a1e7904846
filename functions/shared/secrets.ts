import { readFileSync } from 'node:fs';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { ConfigurationError } from './errors.ts';

/** A database login in the format of RDS secrets. */
export const DatabaseSecret = z.object({
  host: z.string(),
  port: z.coerce.number().int(),
  dbname: z.string(),
  username: z.string(),
  password: z.string(),
  /** `disable` for a server on a loopback address; otherwise the server's certificate is verified. */
  sslmode: z.string().optional(),
});
export type DatabaseSecret = z.output<typeof DatabaseSecret>;

/**
 * Reads a database login.
 *
 * @param id - a Secrets Manager id or ARN, or a `file:` URL of a JSON file in that format
 * @throws ConfigurationError if it cannot be read or has another format; the message contains none of its values
 */
export function readDatabaseSecret(id: string): Promise<DatabaseSecret> {
  return readJsonSecret(id, DatabaseSecret);
}

/**
 * Reads a secret as JSON.
 *
 * @param id - a Secrets Manager id or ARN, or a `file:` URL
 * @throws ConfigurationError if it cannot be read or does not match the schema; the message contains none of its values
 */
export async function readJsonSecret<T extends z.ZodType>(id: string, schema: T): Promise<z.output<T>> {
  const text = await readSecret(id);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigurationError(`secret ${id}: is not JSON`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const keys = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new ConfigurationError(`secret ${id}: missing or malformed: ${keys.join(', ')}`);
}

/**
 * Reads a secret as text.
 *
 * @param id - a Secrets Manager id or ARN, or a `file:` URL
 * @throws ConfigurationError if it cannot be read
 */
export function readSecret(id: string): Promise<string> {
  return id.startsWith('file:') ? readSecretFile(id) : readManagedSecret(id);
}

async function readSecretFile(url: string): Promise<string> {
  try {
    // Small, local and rarely read. node:fs/promises would add a tenth to the start of an API function.
    return readFileSync(new URL(url), 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`secret ${url}: cannot be read`, { cause });
  }
}

let client: SecretsManagerClient | undefined;

async function readManagedSecret(id: string): Promise<string> {
  // Imported on first use: the client loads slowly, and a local installation keeps its secrets in files.
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  client ??= new SecretsManagerClient();
  const answer = await client.send(new GetSecretValueCommand({ SecretId: id }));
  if (!answer.SecretString) throw new ConfigurationError(`secret ${id}: has no text`);
  return answer.SecretString;
}
