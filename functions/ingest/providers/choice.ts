import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import type { Descriptor, Registry, Values, Variables } from './descriptor.ts';
import { PROVIDERS } from './registry.ts';
import { variablesOf } from './variables.ts';

/** An environment: `process.env`, or some variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The providers that an environment chooses. */
export interface ProviderChoice {
  /** In failover order; at least one. */
  descriptors: readonly [Descriptor, ...Descriptor[]];
  /** The variables that are set, of all providers. */
  values: Values<Variables>;
}

/**
 * A schema of one provider's name or several, in failover order: `yahoo`, or `yahoo,stooq`.
 *
 * A file stands alone. Its bars end on some day of the past: with a vendor behind it, one run would mix both without
 * notice.
 */
export function providerNames<const R extends Registry>(registry: R) {
  type Name = R[number]['name'];
  const names: readonly Name[] = registry.map(({ name }) => name);
  const files = new Set(registry.filter(({ kind }) => kind === 'file').map(({ name }) => name));
  return z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(names, `must be one of ${names.join(', ')}`)))
    .refine((chosen) => new Set(chosen).size === chosen.length, 'names a provider twice')
    .refine(
      (chosen) => chosen.length === 1 || !chosen.some((name) => files.has(name)),
      'names a bars file together with another provider',
    );
}

/**
 * Reads which providers an environment chooses, in failover order.
 *
 * @throws ConfigurationError if the variable is missing or malformed
 */
export function readNames(
  environment: Environment,
  registry: Registry = PROVIDERS,
): ProviderChoice['descriptors'] {
  const { data = [], error } = providerNames(registry).safeParse(environment[ENV.provider]);
  const [first, ...others] = data.flatMap((name) =>
    registry.filter((descriptor) => descriptor.name === name),
  );
  if (!first) throw new ConfigurationError(`${ENV.provider}: ${error?.issues[0]?.message}`);
  return [first, ...others];
}

/**
 * Reads the choice of providers from an environment, with all variables that providers have there.
 *
 * @throws ConfigurationError naming every variable that is missing or malformed
 */
export function readChoice(environment: Environment, registry: Registry = PROVIDERS): ProviderChoice {
  const descriptors = readNames(environment, registry);
  const faults: string[] = [];
  const values: Record<string, string> = {};
  for (const [variable, { holds, schema, purpose }] of variablesOf(registry)) {
    const text = environment[variable];
    const reader = descriptors.find(({ variables }) => variables[variable]?.isRequired);
    if (!text) {
      if (reader) faults.push(`${variable} is not set: the ${reader.name} provider needs ${purpose}`);
      continue;
    }
    const { error } = schema.safeParse(text);
    // A secret's variable may hold the secret itself by mistake.
    const shown = holds === 'secret' ? 'not usable' : JSON.stringify(text);
    if (error) faults.push(`${variable} is ${shown}: ${error.issues[0]?.message}`);
    else values[variable] = text;
  }
  if (faults.length > 0) throw new ConfigurationError(faults.join('; '));
  return { descriptors, values };
}
