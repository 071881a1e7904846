import type { Node } from 'constructs';
import type * as z from 'zod';
import { ADDERS, DEFAULT_ADDED_LIMIT, DEFAULT_BENCHMARK } from '../functions/shared/constants.ts';
import { type ProviderSettings, readProviders } from './provider-settings.ts';
import { readSetting, refuseUnknown, SettingsError } from './settings-context.ts';
import { STAGE, STAGE_SETTINGS } from './settings-schema.ts';

type SettingName = keyof typeof STAGE_SETTINGS;
type Setting<K extends SettingName> = z.output<(typeof STAGE_SETTINGS)[K]>;

export type Stage = z.output<typeof STAGE>;
export type Size = Setting<'size'>;
export type Switch = Setting<'proxy'>;
export type ArchitectureName = Setting<'architecture'>;

/** The settings of a deployment, from the file of its stage and the CDK context. */
export interface Settings extends ProviderSettings {
  readonly stage: Stage;
  readonly size: Size;
  /** Adds the trainer, and retrains the model every week. */
  readonly retraining: Switch;
  /** The stocks that all others are compared with. */
  readonly reference: Setting<'reference'>;
  /** The symbol of the benchmark of the track record, or `none`. */
  readonly benchmark: string;
  /** Fetches 15-minute bars during sessions. */
  readonly intraday: Switch;
  /** The name or ARN of the secret of an external database; absent if the stacks contain the database. */
  readonly databaseSecret?: string;
  /** RDS Proxy between the API and the database; only with `scale`. */
  readonly proxy: Switch;
  /** A read replica, for reports; only with `scale`. */
  readonly replica: Switch;
  /** Days that RDS keeps automated backups; absent for the default of the size. */
  readonly backupDays?: number;
  /** Where RDS copies the automated backups to; absent for no copy. */
  readonly backupCopy?: { readonly region: string; readonly keyArn: string };
  /** Days for which a copy of a publication cannot be deleted; absent for the default of the stage. */
  readonly publicationLockDays?: number;
  /** The monthly budget, in US dollars; absent for no budget. */
  readonly budget?: number;
  /** The address that receives alarms. */
  readonly alarmEmail?: string;
  /** The address that sends messages to users through SES; absent for no e-mails to users. */
  readonly alertsFrom?: string;
  /** Who may add an instrument by following it. */
  readonly following: Setting<'following'>;
  /** The most instruments that users may add. */
  readonly followingLimit: number;
  /** The domain of the page, and the ARN of its certificate for CloudFront: both or neither. */
  readonly domain?: string;
  readonly certificate?: string;
}

/** The defaults: a small development installation. */
export const DEFAULT_SETTINGS: Settings = {
  stage: 'dev',
  size: 'small',
  retraining: 'off',
  reference: 'sp500',
  benchmark: DEFAULT_BENCHMARK,
  intraday: 'off',
  following: ADDERS[0],
  followingLimit: DEFAULT_ADDED_LIMIT,
  provider: 'yahoo',
  providerVariables: {},
  proxy: 'off',
  replica: 'off',
  budget: 35,
};

/** Default budget of each size, in US dollars. The cost in docs/cost.md stays below its first notification. */
const BUDGETS: Record<Size, number> = { small: 35, scale: 700 };

/**
 * Reads the settings from the CDK context, which useStageFile() completes from the file of the stage.
 *
 * @example
 * // npx cdk synth -c stage=prod
 * const settings = readSettings(app.node);
 * @param region - the region of the credentials (the CLI sets CDK_DEFAULT_REGION), if known
 * @throws SettingsError with one line that names the setting and says what to do
 */
export function readSettings(node: Node, region = process.env.CDK_DEFAULT_REGION): Settings {
  refuseUnknown(node);
  const expectedRegion = read(node, 'region');
  assertRegion(expectedRegion, region);
  const size = read(node, 'size') ?? DEFAULT_SETTINGS.size;
  const intraday = read(node, 'intraday') ?? DEFAULT_SETTINGS.intraday;
  const optional = {
    databaseSecret: readDatabaseSecret(node),
    backupDays: read(node, 'backupDays'),
    backupCopy: readBackupCopy(node, expectedRegion ?? region),
    publicationLockDays: read(node, 'publicationLockDays'),
    budget: readBudget(node, size),
    alarmEmail: read(node, 'alarmEmail'),
    alertsFrom: read(node, 'alertsFrom'),
    domain: read(node, 'domain'),
    certificate: read(node, 'certificate'),
  };
  const settings = {
    stage: readStage(node),
    size,
    retraining: read(node, 'retraining') ?? DEFAULT_SETTINGS.retraining,
    reference: read(node, 'reference') ?? DEFAULT_SETTINGS.reference,
    benchmark: read(node, 'benchmark') ?? DEFAULT_SETTINGS.benchmark,
    intraday,
    following: read(node, 'following') ?? DEFAULT_SETTINGS.following,
    followingLimit: read(node, 'followingLimit') ?? DEFAULT_SETTINGS.followingLimit,
    ...readProviders(node, intraday === 'on'),
    proxy: read(node, 'proxy') ?? DEFAULT_SETTINGS.proxy,
    replica: read(node, 'replica') ?? DEFAULT_SETTINGS.replica,
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<Settings>),
  };
  assertPossible(settings);
  return settings;
}

function read<K extends SettingName>(node: Node, key: K): Setting<K> | undefined {
  return readSetting<Setting<K>>(node, key, STAGE_SETTINGS[key] as unknown as z.ZodType<Setting<K>>);
}

/**
 * Reads the stage, which selects the file of the settings.
 *
 * @throws SettingsError if there is no such stage
 */
export function readStage(node: Node): Stage {
  return readSetting<Stage>(node, 'stage', STAGE) ?? DEFAULT_SETTINGS.stage;
}

function readDatabaseSecret(node: Node): string | undefined {
  const secret = read(node, 'databaseSecret');
  const external = read(node, 'database') === 'external';
  if (external && !secret) {
    throw new SettingsError(
      'setting "database" is "external", which needs a login: set databaseSecret to the name of its secret (docs/operations.md)',
    );
  }
  if (!external && secret)
    throw new SettingsError('setting "databaseSecret" needs an external database: set database to external');
  return secret;
}

function readBackupCopy(node: Node, region: string | undefined): Settings['backupCopy'] {
  const to = read(node, 'backupRegion');
  const keyArn = read(node, 'backupKey');
  if (to === undefined && keyArn === undefined) return undefined;
  if (to === undefined || keyArn === undefined)
    throw new SettingsError('settings "backupRegion" and "backupKey" belong together: set both or neither');
  if (to === region)
    throw new SettingsError(
      `setting "backupRegion" is "${to}", where the database is: use another region, or remove it`,
    );
  if (!keyArn.startsWith(`arn:aws:kms:${to}:`))
    throw new SettingsError(
      `setting "backupKey" is ${JSON.stringify(keyArn)}: use a key in ${to}, the region of the copies`,
    );
  return { region: to, keyArn };
}

function readBudget(node: Node, size: Size): number | undefined {
  const budget = read(node, 'budget') ?? BUDGETS[size];
  return budget === 'off' ? undefined : budget;
}

/** Refuses valid values that contradict each other. */
function assertPossible(settings: Settings): void {
  for (const key of ['proxy', 'replica'] as const) {
    if (settings[key] === 'off') continue;
    if (settings.databaseSecret)
      throw new SettingsError(
        `setting "${key}" is "on", which needs a managed database: set ${key} to off, or database to managed`,
      );
    if (settings.size !== 'scale')
      throw new SettingsError(`setting "${key}" is "on", which needs a larger database: set size to scale`);
  }
  for (const [key, value] of Object.entries({
    backupDays: settings.backupDays,
    backupRegion: settings.backupCopy,
  })) {
    if (value !== undefined && settings.databaseSecret)
      throw new SettingsError(
        `setting "${key}" needs a managed database: remove it, or set database to managed`,
      );
  }
  if (!settings.domain !== !settings.certificate)
    throw new SettingsError('settings "domain" and "certificate" belong together: set both or neither');
  if (settings.databaseSecret && settings.retraining === 'on') {
    throw new SettingsError(
      'setting "retraining" is "on", which needs a managed database: with an external one, train with npm run retrain',
    );
  }
}

/** Refuses credentials of another region, because a mistake would deploy the stage a second time. */
function assertRegion(expected: string | undefined, actual: string | undefined): void {
  if (!expected || !actual || expected === actual) return;
  throw new SettingsError(
    `setting "region" is "${expected}", but the credentials use ${actual}: set AWS_REGION=${expected}, or change the setting`,
  );
}

/** Reads the processor of all functions. */
export function readArchitecture(node: Node): ArchitectureName {
  return read(node, 'architecture') ?? 'arm64';
}

/**
 * Whether functions reserve concurrency, which bounds their database connections. A new account allows ten concurrent
 * executions and no reservations: with `account`, the account's limit applies instead.
 */
export function reservesConcurrency(node: Node): boolean {
  return read(node, 'concurrency') !== 'account';
}
