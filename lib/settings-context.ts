import type { Node } from 'constructs';
import { vendorsOf } from '../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../functions/ingest/providers/registry.ts';
import { variablesOf } from '../functions/ingest/providers/variables.ts';

/** The CDK context has an unknown key or an invalid value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'settings';
}

/** The context key that sets an environment variable: `stooqKeySecret` sets `STOOQ_KEY_SECRET`. */
export function contextKey(variable: string): string {
  return variable.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Every context key of this application. */
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

/** Keys of the CDK and its tools: namespaced ones, and two others. */
const FOREIGN_KEY = /[:/@]|^(cli-telemetry|tree)$/;

/**
 * Refuses unknown keys, because a typo would otherwise leave the default in effect.
 *
 * @throws SettingsError naming the key and the known keys
 */
export function refuseUnknown(node: Node): void {
  const context: Record<string, unknown> = node.getAllContext();
  for (const key of Object.keys(context)) {
    if (KNOWN_KEYS.includes(key) || FOREIGN_KEY.test(key)) continue;
    throw new SettingsError(`unknown context key "${key}": use one of ${KNOWN_KEYS.join(', ')}`);
  }
}

/**
 * Reads one of the allowed values; the first is the default.
 *
 * @throws SettingsError naming the allowed values
 */
export function choice<T extends string>(node: Node, key: string, allowed: readonly [T, ...T[]]): T {
  const given: unknown = node.tryGetContext(key) ?? allowed[0];
  const known = allowed.find((value) => value === given);
  if (known !== undefined) return known;
  throw new SettingsError(`context "${key}" is ${JSON.stringify(given)}: use one of ${allowed.join(', ')}`);
}

/**
 * Reads a string that matches a pattern; undefined if the context has none.
 *
 * @param meaning - what the value must be, for the error
 * @throws SettingsError naming the key and the meaning
 */
export function text(node: Node, key: string, shape: RegExp, meaning: string): string | undefined {
  const given: unknown = node.tryGetContext(key);
  if (given === undefined) return undefined;
  if (typeof given === 'string' && shape.test(given)) return given;
  throw new SettingsError(`context "${key}" is ${JSON.stringify(given)}: use ${meaning}`);
}
