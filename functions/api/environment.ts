import { z } from 'zod';
import { ENV } from '../shared/constants.ts';

/** What every function of the API reads from its environment. */
export const ApiEnvironment = z.object({
  [ENV.apiDatabaseSecret]: z.string().min(1),
  /** Deployments set it to nothing rather than leave it out. */
  [ENV.dataNotice]: z
    .string()
    .optional()
    .transform((notice) => notice || null),
});
export type ApiEnvironment = z.output<typeof ApiEnvironment>;
