import { ENV } from '../../shared/constants.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { type Environment, type ProviderChoice, readChoice } from './choice.ts';
import { allowanceOf, type Descriptor, type Registry, type VendorDescriptor } from './descriptor.ts';
import { failover } from './failover.ts';
import { combineRequests } from './many-symbols.ts';
import { type Policy, shareOf } from './policy.ts';
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
  const processes = readProcesses(environment);
  const key = JSON.stringify([choice.descriptors.map(({ name }) => name), choice.values, processes]);
  const known = opened.get(registry) ?? new Map<string, Promise<Provider>>();
  opened.set(registry, known);
  let provider = known.get(key);
  if (!provider) {
    provider = open(choice, processes);
    // A file that was refused may be right the next time.
    provider.catch(() => known.delete(key));
    known.set(key, provider);
  }
  return provider;
}

/**
 * The processes that fetch at once and share a vendor's pace. On AWS, the stack sets their number; elsewhere there is
 * one.
 *
 * @throws ConfigurationError if it is not a number from 1
 */
function readProcesses(environment: Environment): number {
  const text = environment[ENV.fetchProcesses] ?? '1';
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new ConfigurationError(`${ENV.fetchProcesses} is ${JSON.stringify(text)}: use a number from 1`);
  return Number(text);
}

async function open({ descriptors, values }: ProviderChoice, processes: number): Promise<Provider> {
  const [first, ...others] = descriptors;
  const isPlanned = allowanceOf(descriptors) !== undefined;
  const provider = await openOne(first, values, { processes, isPlanned });
  if (others.length === 0) return provider;
  const rest = await Promise.all(others.map((other) => openOne(other, values, { processes, isPlanned })));
  return failover([provider, ...rest]);
}

async function openOne(
  descriptor: Descriptor,
  values: ProviderChoice['values'],
  { processes, isPlanned }: { processes: number; isPlanned: boolean },
): Promise<Provider> {
  if (descriptor.kind === 'file') return refuseUncovered(await descriptor.open(values), descriptor);
  const policy = shareOf(policyFor(descriptor, values), processes, isPlanned);
  const vendor = await descriptor.open(values, policy);
  const client = descriptor.pacesRequests ? vendor : resilient(vendor, policy);
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
