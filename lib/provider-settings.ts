import type { Node } from 'constructs';
import type { z } from 'zod';
import { providerNames } from '../functions/ingest/providers/choice.ts';
import {
  intervalsOf,
  type Registry,
  type VendorDescriptor,
  vendorsOf,
} from '../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../functions/ingest/providers/registry.ts';
import { defined } from '../functions/shared/invariant.ts';
import { contextKey, SettingsError, text } from './settings-context.ts';

/** The vendors that Fetch uses, and what it needs to know of them. */
export interface ProviderSettings {
  /** In failover order, separated by commas: the value of PROVIDER. */
  readonly provider: string;
  /** The origins and names of secrets that the context gives, by environment variable. */
  readonly providerVariables: Readonly<Record<string, string>>;
}

const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

/**
 * Reads the vendors from the CDK context, with the variables that they need. A deployment has no bars file.
 *
 * @throws SettingsError if a vendor is unknown, or a variable is missing, malformed or of a vendor that is not named
 */
export function readProviders(
  node: Node,
  intraday: boolean,
  registry: Registry = PROVIDERS,
): ProviderSettings {
  const vendors = vendorsOf(registry);
  const known = vendors.map(({ name }) => name);
  const given: unknown = node.tryGetContext('provider') ?? known[0];
  const names = providerNames(vendors).safeParse(given);
  if (!names.success) {
    throw new SettingsError(
      `context "provider" is ${JSON.stringify(given)}: use one or more of ${known.join(', ')}, separated by commas`,
    );
  }
  const chosen = vendors.filter(({ name }) => names.data.includes(name));
  if (intraday && !intervalsOf(chosen).includes('15m')) {
    throw new SettingsError(
      `context "intraday" is "on", and ${names.data.join()} has no 15-minute bars: use another provider as well`,
    );
  }
  const entries = vendors.flatMap((vendor) =>
    Object.keys(vendor.variables).flatMap((variable) => {
      const value = readVariable(node, variable, vendor, chosen.includes(vendor));
      return value === undefined ? [] : [[variable, value] as const];
    }),
  );
  return { provider: names.data.join(), providerVariables: Object.fromEntries(entries) };
}

function readVariable(
  node: Node,
  variable: string,
  { name, variables }: VendorDescriptor,
  isChosen: boolean,
): string | undefined {
  const { holds, isRequired, schema, purpose } = defined(variables[variable], variable);
  const key = contextKey(variable);
  const meaning = holds === 'secret' ? `the name of the secret that holds ${purpose}` : purpose;
  const value = holds === 'secret' ? text(node, key, SECRET_NAME, meaning) : checked(node, key, schema);
  if (isChosen && isRequired && value === undefined)
    throw new SettingsError(`context "${key}" is missing: give ${meaning}`);
  if (!isChosen && value !== undefined)
    throw new SettingsError(`context "${key}" is given: name ${name} in -c provider=... as well`);
  return value;
}

/** A value whose form its variable's schema states. */
function checked(node: Node, key: string, schema: z.ZodType<string>): string | undefined {
  const given: unknown = node.tryGetContext(key);
  const { error, data } = schema.optional().safeParse(given);
  if (!error) return data;
  throw new SettingsError(`context "${key}" is ${JSON.stringify(given)}: ${error.issues[0]?.message}`);
}
