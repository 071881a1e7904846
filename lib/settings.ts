import type { Node } from 'constructs';
import { type ProviderSettings, readProviders } from './provider-settings.ts';
import { choice, refuseUnknown, SettingsError, text } from './settings-context.ts';

export { SettingsError } from './settings-context.ts';

/** Stages: each has stacks of its own, so that several can live in one account. */
export const STAGES = ['dev', 'staging', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

/** Sizes: `small` is what one household needs, `scale` serves thousands of instruments and readers. */
export const SIZES = ['small', 'scale'] as const;
export type Size = (typeof SIZES)[number];

/** An option that is off by default. */
export const SWITCH = ['off', 'on'] as const;
export type Switch = (typeof SWITCH)[number];

/** A database of this application, or an external one whose login is in a secret. */
export const DATABASES = ['managed', 'external'] as const;

/** An operator's choices at synthesis. */
export interface Settings extends ProviderSettings {
  readonly stage: Stage;
  readonly size: Size;
  /** Whether the model is trained again every week; with `off` an operator starts it by hand. */
  readonly retraining: Switch;
  /** Whether 15-minute bars are fetched during sessions. */
  readonly intraday: Switch;
  /** The name or ARN of the secret of an external database; absent where the database is part of the stacks. */
  readonly databaseSecret?: string;
  /** RDS Proxy between the API and the database; of `scale` only. */
  readonly proxy: Switch;
  /** A read replica, for reports; of `scale` only. */
  readonly replica: Switch;
  /** US dollars a month from which the budget alarms; absent for no budget. */
  readonly budget?: number;
  /** The address that receives alarms. */
  readonly alarmEmail?: string;
  /** The name of the page, and the certificate that CloudFront shows for it: both or neither. */
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

/** The budget of a size, where none is given: so that a month as docs/cost.md has it stays below its first alarm. */
const BUDGETS: Record<Size, number> = { small: 35, scale: 600 };

/**
 * Reads the settings from the CDK context.
 *
 * @example
 * // npx cdk synth -c stage=prod -c size=scale -c retraining=on
 * const settings = readSettings(app.node);
 * @param region - where the credentials point (the CLI's CDK_DEFAULT_REGION), where that is known
 * @throws SettingsError in one line, naming what is missing, unknown or impossible and what to do
 */
export function readSettings(node: Node, region = process.env.CDK_DEFAULT_REGION): Settings {
  refuseUnknown(node);
  assertRegion(node, region);
  const size = choice(node, 'size', SIZES);
  const intraday = choice(node, 'intraday', SWITCH);
  const optional = {
    databaseSecret: databaseSecret(node),
    budget: budget(node, size),
    alarmEmail: text(node, 'alarmEmail', /^[^@\s]+@[^@\s]+$/, 'an address such as ops@example.com'),
    domain: text(node, 'domain', /^([a-z0-9-]+\.)+[a-z]{2,}$/, 'a name such as bourse.example.com'),
    certificate: text(
      node,
      'certificate',
      /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      "the ARN of a certificate of us-east-1, where CloudFront's are",
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
      'context "database" is "external": name the secret of its login with -c databaseSecret=NAME (docs/operations.md)',
    );
  }
  if (!external && secret)
    throw new SettingsError('context "databaseSecret" is given: say -c database=external as well');
  return secret;
}

function budget(node: Node, size: Size): number | undefined {
  const given: unknown = node.tryGetContext('budget') ?? BUDGETS[size];
  if (given === 'off') return undefined;
  const dollars = Number(given);
  if (dollars > 0 && Number.isFinite(dollars)) return dollars;
  throw new SettingsError(
    `context "budget" is ${JSON.stringify(given)}: use US dollars a month above 0, or off`,
  );
}

/** Refuses values that are each valid, but not together. */
function assertPossible(settings: Settings): void {
  for (const key of ['proxy', 'replica'] as const) {
    if (settings[key] === 'off') continue;
    if (settings.databaseSecret)
      throw new SettingsError(`context "${key}" is "on": an external database is not ours to give one`);
    if (settings.size !== 'scale')
      throw new SettingsError(`context "${key}" is "on": it needs -c size=scale`);
  }
  if (!settings.domain !== !settings.certificate)
    throw new SettingsError('context "domain" and "certificate" go together: give both, or neither');
  if (settings.databaseSecret && settings.retraining === 'on') {
    throw new SettingsError(
      'context "retraining" is "on": an external database is trained from by npm run retrain, not on Fargate',
    );
  }
}

/**
 * A stage lives in one region: deployed to another by mistake, it would be there twice. `-c region=` says which, best
 * in cdk.json.
 */
function assertRegion(node: Node, actual: string | undefined): void {
  const wanted = text(node, 'region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1');
  if (!wanted || !actual || wanted === actual) return;
  throw new SettingsError(
    `context "region" is "${wanted}", and the credentials point at ${actual}: set AWS_REGION=${wanted}, or leave the context out`,
  );
}

/** The processors that functions run on. x86_64 is for emulators, which run them on the machine that they are on. */
export const ARCHITECTURES = ['arm64', 'x86_64'] as const;
export type ArchitectureName = (typeof ARCHITECTURES)[number];

/** The processor of every function. */
export const readArchitecture = (node: Node): ArchitectureName => choice(node, 'architecture', ARCHITECTURES);

/**
 * Whether functions reserve their concurrency, which is what keeps their connections within the database's. A new
 * account may run ten functions at once and lets none be reserved: there, `account` leaves it to that limit.
 */
export const reservesConcurrency = (node: Node): boolean =>
  choice(node, 'concurrency', ['reserved', 'account']) === 'reserved';
