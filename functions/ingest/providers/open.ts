import { type Environment, type ProviderChoice, readChoice } from './choice.ts';
import type { Descriptor, Registry, VendorDescriptor } from './descriptor.ts';
import { failover } from './failover.ts';
import { combineRequests } from './many-symbols.ts';
import type { Policy } from './policy.ts';
import type { Provider } from './provider.ts';
import { PROVIDERS } from './registry.ts';
import { resilient } from './resilience.ts';
import { refuseUncovered } from './uncovered.ts';

const opened = new WeakMap<Registry, Map<string, Promise<Provider>>>();

/**
 * Opens the providers that an environment chooses, as one that fails over. A process opens each choice once: it parses
 * a bars file once, and a vendor's pace and breaker hold for all batches of the process.
 *
 * @example
 * const csv = await openProvider({ PROVIDER: 'csv', BARS_FILE: 'bars.csv.gz' });
 * const both = await openProvider({ PROVIDER: 'yahoo,stooq', STOOQ_KEY_SECRET: 'boursomatic/stooq' });
 *
 * @param registry - the providers to choose from
 * @throws ConfigurationError if a variable that a provider needs is missing or malformed
 * @throws BadInputError if a bars file is not usable
 */
export async function openProvider(
  environment: Environment,
  registry: Registry = PROVIDERS,
): Promise<Provider> {
  const choice = readChoice(environment, registry);
  const key = JSON.stringify([choice.descriptors.map(({ name }) => name), choice.values]);
  const known = opened.get(registry) ?? new Map<string, Promise<Provider>>();
  opened.set(registry, known);
  let provider = known.get(key);
  if (!provider) {
    provider = open(choice);
    // A file that was refused may be right the next time.
    provider.catch(() => known.delete(key));
    known.set(key, provider);
  }
  return provider;
}

async function open({ descriptors: [first, ...others], values }: ProviderChoice): Promise<Provider> {
  const provider = await openOne(first, values);
  if (others.length === 0) return provider;
  return failover([provider, ...(await Promise.all(others.map((other) => openOne(other, values))))]);
}

async function openOne(descriptor: Descriptor, values: ProviderChoice['values']): Promise<Provider> {
  if (descriptor.kind === 'file') return refuseUncovered(await descriptor.open(values), descriptor);
  const policy = policyFor(descriptor, values);
  const client = resilient(await descriptor.open(values, policy), policy);
  return refuseUncovered(combineRequests(client, descriptor.capabilities.symbolsPerRequest), descriptor);
}

/** A pace spares the vendor's own hosts: a test server on this machine needs none. */
function policyFor(
  { policy, variables }: VendorDescriptor,
  values: Readonly<Record<string, string | undefined>>,
): Policy {
  const isLoopback = Object.entries(variables).some(([name, { holds }]) => {
    const value = values[name];
    return holds === 'origin' && value !== undefined && LOOPBACK_HOSTS.includes(new URL(value).hostname);
  });
  return isLoopback ? { ...policy, intervalMs: 0 } : policy;
}

const LOOPBACK_HOSTS = ['127.0.0.1', '[::1]', 'localhost'];
