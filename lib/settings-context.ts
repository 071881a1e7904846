import type { Node } from 'constructs';
import type * as z from 'zod';
import { KNOWN_KEYS } from './settings-schema.ts';

/** A setting is unknown or has an invalid value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'settings';
}

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
    throw new SettingsError(`unknown setting "${key}": use one of ${KNOWN_KEYS.join(', ')}`);
  }
}

/**
 * Reads a setting from the CDK context; undefined if the context lacks it.
 *
 * @throws SettingsError naming the key, its value and what to use
 */
export function readSetting<T>(node: Node, key: string, schema: z.ZodType<T>): T | undefined {
  const given: unknown = node.tryGetContext(key);
  if (given === undefined) return undefined;
  const { error, data } = schema.safeParse(given);
  if (!error) return data;
  throw refusedSetting(key, given, error);
}

/** The error of a setting whose value its schema refuses. */
export function refusedSetting(key: string, given: unknown, { issues: [first] }: z.ZodError): SettingsError {
  return new SettingsError(`setting "${key}" is ${JSON.stringify(given)}: ${first?.message}`);
}
