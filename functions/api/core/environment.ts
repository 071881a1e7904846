import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';

/** The environment variables of every API function. */
export const ApiEnvironment = z.object({
  [ENV.apiDatabaseSecret]: z.string().min(1),
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
