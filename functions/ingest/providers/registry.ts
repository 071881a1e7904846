import { ALPACA } from './alpaca/descriptor.ts';
import { CSV } from './csv/descriptor.ts';
import type { Registry } from './descriptor.ts';
import { MASSIVE } from './massive/descriptor.ts';
import { SAMPLE } from './sample/descriptor.ts';
import { STOOQ } from './stooq/descriptor.ts';
import { TIINGO } from './tiingo/descriptor.ts';
import { YAHOO } from './yahoo/descriptor.ts';

/**
 * Every provider, in the order in which messages and documents list them. The command line, the environment, the
 * CDK settings, the smoke test and the table in docs/providers.md are derived from this list. Importing it loads no
 * client of any vendor.
 */
export const PROVIDERS = [YAHOO, STOOQ, ALPACA, TIINGO, MASSIVE, SAMPLE, CSV] as const satisfies Registry;

/** The name of a provider that this project comes with. */
export type ProviderName = (typeof PROVIDERS)[number]['name'];
