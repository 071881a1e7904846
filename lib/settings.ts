import type { Node } from 'constructs';

/** Stages: each has stacks of its own, so that several can live in one account. */
export const STAGES = ['dev', 'staging', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

/** Sizes: `small` is what one household needs, `scale` serves thousands of instruments and readers. */
export const SIZES = ['small', 'scale'] as const;
export type Size = (typeof SIZES)[number];

/** Whether the model is trained again every week; with `off` an operator starts it by hand. */
export const RETRAINING = ['off', 'on'] as const;
export type Retraining = (typeof RETRAINING)[number];

/** Vendors of a deployment, in the order in which they are asked. */
export const VENDORS = ['yahoo', 'yahoo,stooq', 'stooq,yahoo', 'stooq'] as const;
export type Vendors = (typeof VENDORS)[number];

/** What an operator chooses at synthesis. */
export interface Settings {
  readonly stage: Stage;
  readonly size: Size;
  readonly retraining: Retraining;
  readonly provider: Vendors;
  /** The name of the secret with the key for Stooq; there is one where Stooq is asked. */
  readonly stooqKeySecret?: string;
}

/** A context value that this application does not know. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'settings';
}

/**
 * Reads the settings from the CDK context.
 *
 * @example
 * // npx cdk synth -c stage=prod -c size=scale -c retraining=on
 * const settings = readSettings(app.node);
 * @throws SettingsError naming the values that are allowed
 */
export function readSettings(node: Node): Settings {
  const provider = choose(node, 'provider', VENDORS);
  return {
    stage: choose(node, 'stage', STAGES),
    size: choose(node, 'size', SIZES),
    retraining: choose(node, 'retraining', RETRAINING),
    provider,
    ...(provider.includes('stooq') && { stooqKeySecret: nameOfSecret(node, 'stooqKeySecret') }),
  };
}

/** The name of a secret that is there already: the same characters that Secrets Manager takes. */
function nameOfSecret(node: Node, key: string): string {
  const given: unknown = node.tryGetContext(key);
  if (typeof given === 'string' && /^[\w/+=.@-]{1,512}$/.test(given)) return given;
  throw new SettingsError(
    `context "${key}" is ${JSON.stringify(given) ?? 'missing'}: give the name of the secret that holds the key for Stooq`,
  );
}

/** One of the allowed values; the first of them stands where the context has none. */
function choose<T extends string>(node: Node, key: string, allowed: readonly [T, ...T[]]): T {
  const given: unknown = node.tryGetContext(key) ?? allowed[0];
  const known = allowed.find((value) => value === given);
  if (known !== undefined) return known;
  throw new SettingsError(`context "${key}" is ${JSON.stringify(given)}: use one of ${allowed.join(', ')}`);
}
