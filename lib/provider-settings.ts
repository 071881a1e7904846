import type { Node } from 'constructs';
import { providerNames } from '../functions/ingest/providers/choice.ts';
import {
  intervalsOf,
  type Registry,
  type VendorDescriptor,
  vendorsOf,
} from '../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../functions/ingest/providers/registry.ts';
import { defined } from '../functions/shared/invariant.ts';
import { readSetting, SettingsError } from './settings-context.ts';
import { settingKey, variableMeaning, variableSchema } from './settings-schema.ts';

/** The vendors that Fetch uses, and what it needs to know of them. */
export interface ProviderSettings {
  /** In failover order, separated by commas: the value of PROVIDER. */
  readonly provider: string;
  /** The origins and names of secrets that the context gives, by environment variable. */
  readonly providerVariables: Readonly<Record<string, string>>;
}

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
      `setting "provider" is ${JSON.stringify(given)}: use one or more of ${known.join(', ')}, separated by commas`,
    );
  }
  const chosen = vendors.filter(({ name }) => names.data.includes(name));
  if (intraday && !intervalsOf(chosen).includes('15m')) {
    throw new SettingsError(
      `setting "intraday" is "on", and ${names.data.join()} has no 15-minute bars: use another provider as well`,
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
  name: string,
  vendor: VendorDescriptor,
  isChosen: boolean,
): string | undefined {
  const variable = defined(vendor.variables[name], name);
  const key = settingKey(name);
  const value = readSetting(node, key, variableSchema(variable));
  if (isChosen && variable.isRequired && value === undefined)
    throw new SettingsError(`setting "${key}" is missing: set it to ${variableMeaning(variable)}`);
  if (!isChosen && value !== undefined)
    throw new SettingsError(
      `setting "${key}" is set, but "provider" lacks ${vendor.name}: add ${vendor.name} to provider, or remove the setting`,
    );
  return value;
}
