import type { z } from 'zod';
import { ConfigurationError } from './errors.ts';

/**
 * Reads environment variables through a schema. Entry points call it once.
 *
 * @param schema - an object schema keyed by variable name; other variables are ignored
 * @returns the parsed values
 * @throws ConfigurationError naming every variable that is missing or malformed
 */
export function readEnvironment<T extends z.ZodType>(schema: T): z.output<T> {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`);
  throw new ConfigurationError(`environment: ${faults.join('; ')}`);
}
