import type { Node } from 'constructs';
import { type ProviderSettings, readProviders } from './provider-settings.ts';
import { choice, refuseUnknown, SettingsError, text } from './settings-context.ts';

/** Stages. Each has its own stacks, so one account can hold several. */
const STAGES = ['dev', 'staging', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

/** Sizes: `small` serves one household, `scale` thousands of instruments and users. */
export const SIZES = ['small', 'scale'] as const;
export type Size = (typeof SIZES)[number];

/** An optional feature. The first value is the default. */
const SWITCH = ['off', 'on'] as const;
export type Switch = (typeof SWITCH)[number];

/** Who runs the database: these stacks, or the operator, whose secret locates it. */
const DATABASES = ['managed', 'external'] as const;

/** The settings of a deployment, from the CDK context. */
export interface Settings extends ProviderSettings {
  readonly stage: Stage;
  readonly size: Size;
  /** Adds the trainer, and retrains the model every week. */
  readonly retraining: Switch;
  /** Fetches 15-minute bars during sessions. */
  readonly intraday: Switch;
  /** The name or ARN of the secret of an external database; absent if the stacks contain the database. */
  readonly databaseSecret?: string;
  /** RDS Proxy between the API and the database; only with `scale`. */
  readonly proxy: Switch;
  /** A read replica, for reports; only with `scale`. */
  readonly replica: Switch;
  /** The monthly budget, in US dollars; absent for no budget. */
  readonly budget?: number;
  /** The address that receives alarms. */
  readonly alarmEmail?: string;
  /** The domain of the page, and the ARN of its certificate for CloudFront: both or neither. */
  readonly domain?: string;
  readonly certificate?: string;
}

/** The defaults: a small development installation. */
export const DEFAULT_SETTINGS: Settings = {
  stage: 'dev',
  size: 'small',
  retraining: 'off',
  intraday: 'off',
  provider: 'yahoo',
  providerVariables: {},
  proxy: 'off',
  replica: 'off',
  budget: 35,
};

/** Default budget of each size, in US dollars. The cost in docs/cost.md stays below its first notification. */
const BUDGETS: Record<Size, number> = { small: 35, scale: 600 };

/**
 * Reads the settings from the CDK context.
 *
 * @example
 * // npx cdk synth -c stage=prod -c size=scale -c retraining=on
 * const settings = readSettings(app.node);
 * @param region - the region of the credentials (the CLI sets CDK_DEFAULT_REGION), if known
 * @throws SettingsError with one line that names the setting and says what to do
 */
export function readSettings(node: Node, region = process.env.CDK_DEFAULT_REGION): Settings {
  refuseUnknown(node);
  assertRegion(node, region);
  const size = choice(node, 'size', SIZES);
  const intraday = choice(node, 'intraday', SWITCH);
  const optional = {
    databaseSecret: databaseSecret(node),
    budget: budget(node, size),
    alarmEmail: text(node, 'alarmEmail', /^[^@\s]+@[^@\s]+$/, 'an email address such as ops@example.com'),
    domain: text(node, 'domain', /^([a-z0-9-]+\.)+[a-z]{2,}$/, 'a domain such as bourse.example.com'),
    certificate: text(
      node,
      'certificate',
      /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      'the ARN of a certificate in us-east-1, the region of CloudFront certificates',
    ),
  };
  const settings = {
    stage: choice(node, 'stage', STAGES),
    size,
    retraining: choice(node, 'retraining', SWITCH),
    intraday,
    ...readProviders(node, intraday === 'on'),
    proxy: choice(node, 'proxy', SWITCH),
    replica: choice(node, 'replica', SWITCH),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<Settings>),
  };
  assertPossible(settings);
  return settings;
}

function databaseSecret(node: Node): string | undefined {
  const secret = text(node, 'databaseSecret', /^[\w/+=.@:-]+$/, 'the name or ARN of a secret');
  const external = choice(node, 'database', DATABASES) === 'external';
  if (external && !secret) {
    throw new SettingsError(
      'context "database" is "external", which needs a login: name its secret with -c databaseSecret=NAME (docs/operations.md)',
    );
  }
  if (!external && secret)
    throw new SettingsError('context "databaseSecret" needs an external database: add -c database=external');
  return secret;
}

function budget(node: Node, size: Size): number | undefined {
  const given: unknown = node.tryGetContext('budget') ?? BUDGETS[size];
  if (given === 'off') return undefined;
  const dollars = Number(given);
  if (dollars > 0 && Number.isFinite(dollars)) return dollars;
  throw new SettingsError(
    `context "budget" is ${JSON.stringify(given)}: use an amount of US dollars per month above 0, or off`,
  );
}

/** Refuses valid values that contradict each other. */
function assertPossible(settings: Settings): void {
  for (const key of ['proxy', 'replica'] as const) {
    if (settings[key] === 'off') continue;
    if (settings.databaseSecret)
      throw new SettingsError(
        `context "${key}" is "on", which needs a managed database: remove it, or remove -c database=external`,
      );
    if (settings.size !== 'scale')
      throw new SettingsError(`context "${key}" is "on", which needs a larger database: add -c size=scale`);
  }
  if (!settings.domain !== !settings.certificate)
    throw new SettingsError('context "domain" and "certificate" belong together: set both or neither');
  if (settings.databaseSecret && settings.retraining === 'on') {
    throw new SettingsError(
      'context "retraining" is "on", which needs a managed database: with an external one, train with npm run retrain',
    );
  }
}

/**
 * Refuses credentials of another region than `-c region=`, which is best set in cdk.json. Otherwise a mistake would
 * deploy the stage a second time.
 */
function assertRegion(node: Node, actual: string | undefined): void {
  const expected = text(node, 'region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1');
  if (!expected || !actual || expected === actual) return;
  throw new SettingsError(
    `context "region" is "${expected}", but the credentials use ${actual}: set AWS_REGION=${expected}, or remove the context key`,
  );
}

/** Processors of the functions. x86_64 is for emulators on such machines. */
const ARCHITECTURES = ['arm64', 'x86_64'] as const;
export type ArchitectureName = (typeof ARCHITECTURES)[number];

/** Reads the processor of all functions. */
export const readArchitecture = (node: Node): ArchitectureName => choice(node, 'architecture', ARCHITECTURES);

/**
 * Whether functions reserve concurrency, which bounds their database connections. A new account allows ten concurrent
 * executions and no reservations: with `account`, the account's limit applies instead.
 */
export const reservesConcurrency = (node: Node): boolean =>
  choice(node, 'concurrency', ['reserved', 'account']) === 'reserved';
