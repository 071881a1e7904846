import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';

/** The environment variables of every API function. */
export const ApiEnvironment = z.object({
  [ENV.apiDatabaseSecret]: z.string().min(1),
  // A local process handles several requests concurrently. A Lambda handles one, and its stack sets this to 1.
  [ENV.databaseConnections]: z.coerce.number().int().min(1).default(4),
  [ENV.signingKeysSecret]: z.string().min(1),
  [ENV.tokenIssuer]: z.string().min(1),
  /** Deployments without a notice set it to an empty text. */
  [ENV.dataNotice]: z
    .string()
    .optional()
    .transform((notice) => notice || null),
  [ENV.corsOrigins]: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(z.string().regex(/^https?:\/\/[^/*\s]+$/, 'must be origins such as https://app.example.com')),
    ),
});
export type ApiEnvironment = z.output<typeof ApiEnvironment>;
