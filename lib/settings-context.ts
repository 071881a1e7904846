import type { Node } from 'constructs';
import { vendorsOf } from '../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../functions/ingest/providers/registry.ts';
import { variablesOf } from '../functions/ingest/providers/variables.ts';

/** A context value that this application does not know, or cannot do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'settings';
}

/** The context key that sets an environment variable: `stooqKeySecret` sets `STOOQ_KEY_SECRET`. */
export function contextKey(variable: string): string {
  return variable.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Every key that this application reads. */
export const KNOWN_KEYS = [
  'stage',
  'size',
  'region',
  'retraining',
  'intraday',
  'provider',
  'database',
  'databaseSecret',
  'proxy',
  'replica',
  'budget',
  'alarmEmail',
  'domain',
  'certificate',
  'architecture',
  'concurrency',
  ...[...variablesOf(vendorsOf(PROVIDERS)).keys()].map(contextKey),
];

/** Keys of the CDK and its tools: namespaced, or named here. */
const FOREIGN_KEY = /[:/@]|^(cli-telemetry|tree)$/;

/**
 * Refuses keys that nothing reads: a typo must not be a silent default.
 *
 * @throws SettingsError naming the key and those that there are
 */
export function refuseUnknown(node: Node): void {
  const context: Record<string, unknown> = node.getAllContext();
  for (const key of Object.keys(context)) {
    if (KNOWN_KEYS.includes(key) || FOREIGN_KEY.test(key)) continue;
    throw new SettingsError(`context "${key}" is not known: use one of ${KNOWN_KEYS.join(', ')}`);
  }
}

/** One of the allowed values; the first of them stands where the context has none. */
export function choice<T extends string>(node: Node, key: string, allowed: readonly [T, ...T[]]): T {
  const given: unknown = node.tryGetContext(key) ?? allowed[0];
  const known = allowed.find((value) => value === given);
  if (known !== undefined) return known;
  throw new SettingsError(`context "${key}" is ${JSON.stringify(given)}: use one of ${allowed.join(', ')}`);
}

/** A text of a shape; undefined where the context has none. */
export function text(node: Node, key: string, shape: RegExp, meaning: string): string | undefined {
  const given: unknown = node.tryGetContext(key);
  if (given === undefined) return undefined;
  if (typeof given === 'string' && shape.test(given)) return given;
  throw new SettingsError(`context "${key}" is ${JSON.stringify(given)}: use ${meaning}`);
}
