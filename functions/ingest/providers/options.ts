import { z } from 'zod';
import { ENV, PROVIDERS, type ProviderName } from '../../shared/constants.ts';
import { ConfigurationError } from '../../shared/errors.ts';

/** What providers are asked, and what each of them needs; free of the vendors' clients. */

const Name = z.enum(PROVIDERS, `is one of ${PROVIDERS.join(', ')}`);

/**
 * One or several providers, in the order in which they are asked: `yahoo`, or `yahoo,stooq`.
 *
 * A file stands alone: its bars end on some day of the past, and with a vendor behind it one run would mix
 * both, without a word.
 */
export const ProviderNames = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(Name))
  .refine((names) => new Set(names).size === names.length, 'names a provider twice')
  .refine(
    (names) => names.length === 1 || !names.some(isFile),
    'a bars file cannot be one of several providers',
  );

/** The variables that providers are chosen by. */
export const ProviderEnvironment = z.object({
  [ENV.provider]: ProviderNames,
  [ENV.barsFile]: z.string().optional(),
  [ENV.yahooOrigin]: z.string().optional(),
  [ENV.stooqOrigin]: z.string().optional(),
  [ENV.stooqKeySecret]: z.string().optional(),
});

/** Which providers, and what they need. */
export interface ProviderOptions {
  /** A name, several in their order, or what the PROVIDER variable holds. */
  provider: ProviderName | readonly ProviderName[] | `${ProviderName},${string}`;
  /** The bars file of `sample` and `csv`. */
  barsFile?: string | undefined;
  /** Another origin for Yahoo's API. */
  yahooOrigin?: string | undefined;
  /** Another origin for Stooq. */
  stooqOrigin?: string | undefined;
  /** Secret that holds the key for Stooq. */
  stooqKeySecret?: string | undefined;
}

const Origin = (variable: string) =>
  z
    .string()
    .refine((origin) => URL.canParse(origin) && /^https?:\/\//.test(origin), {
      error: ({ input }) => `${variable} is not an http(s) URL: ${input}`,
    })
    .optional();

const Options = z
  .strictObject({
    provider: z.preprocess((given) => (Array.isArray(given) ? given.join() : given), ProviderNames),
    barsFile: z.string().optional(),
    yahooOrigin: Origin(ENV.yahooOrigin),
    stooqOrigin: Origin(ENV.stooqOrigin),
    stooqKeySecret: z.string().optional(),
  })
  .superRefine(({ provider, barsFile, stooqKeySecret }, context) => {
    const [first] = provider;
    if (first && isFile(first) && !barsFile) {
      context.addIssue(`${ENV.barsFile} is not set: the ${first} provider reads it`);
    }
    if (provider.includes('stooq') && !stooqKeySecret) {
      context.addIssue(`${ENV.stooqKeySecret} is not set: the stooq provider has its key from there`);
    }
  });
export type ParsedOptions = z.output<typeof Options>;

/**
 * Checks options, all of them at once.
 *
 * @throws ConfigurationError naming the variables that are missing or malformed
 */
export function parseProviderOptions(options: ProviderOptions): ParsedOptions {
  const result = Options.safeParse(options);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path[0] === 'provider' ? `${ENV.provider}: ${message}` : message,
  );
  throw new ConfigurationError([...new Set(faults)].join('; '));
}

/** The options that the environment gives, as {@link ProviderEnvironment} reads it. */
export function providerOptions(environment: z.output<typeof ProviderEnvironment>): ProviderOptions {
  return {
    provider: environment.PROVIDER,
    barsFile: environment.BARS_FILE,
    yahooOrigin: environment.YAHOO_ORIGIN,
    stooqOrigin: environment.STOOQ_ORIGIN,
    stooqKeySecret: environment.STOOQ_KEY_SECRET,
  };
}

/** Whether a provider reads a file, and not a vendor over the network. */
export function isFile(name: ProviderName): name is 'sample' | 'csv' {
  return name === 'sample' || name === 'csv';
}
