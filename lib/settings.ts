import type { Node } from 'constructs';
import { choice, refuseUnknown, SettingsError, text } from './settings-context.ts';

/** Stages: each has stacks of its own, so that several can live in one account. */
export const STAGES = ['dev', 'staging', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

/** Sizes: `small` is what one household needs, `scale` serves thousands of instruments and readers. */
export const SIZES = ['small', 'scale'] as const;
export type Size = (typeof SIZES)[number];

/** Something that is there or not; what is first is what nobody asked to change. */
export const SWITCH = ['off', 'on'] as const;
export type Switch = (typeof SWITCH)[number];

/** Who runs the database: this application, or somebody else who gives a secret that points at it. */
export const DATABASES = ['managed', 'external'] as const;

/** Vendors of a deployment, in the order in which they are asked. */
export const VENDORS = ['yahoo', 'yahoo,stooq', 'stooq,yahoo', 'stooq'] as const;
export type Vendors = (typeof VENDORS)[number];

/** What an operator chooses at synthesis. */
export interface Settings {
  readonly stage: Stage;
  readonly size: Size;
  /** Whether the model is trained again every week; with `off` an operator starts it by hand. */
  readonly retraining: Switch;
  /** Whether 15-minute bars are fetched during sessions. */
  readonly intraday: Switch;
  /** Whom Fetch asks. */
  readonly provider: Vendors;
  /** The name of the secret with the key for Stooq; there is one where Stooq is asked. */
  readonly stooqKeySecret?: string;
  /** The name or ARN of the secret of an external database; absent where the database is part of the stacks. */
  readonly databaseSecret?: string;
  /** RDS Proxy between the API and the database; of `scale` only. */
  readonly proxy: Switch;
  /** A read replica, for reports; of `scale` only. */
  readonly replica: Switch;
  /** US dollars a month from which the budget alarms; absent for no budget. */
  readonly budget?: number;
  /** Who is written to when an alarm goes off. */
  readonly alarmEmail?: string;
  /** The name of the page, and the certificate that CloudFront shows for it: both or neither. */
  readonly domain?: string;
  readonly certificate?: string;
  /** Another origin for Yahoo's API: a server of one's own that speaks its format. */
  readonly yahooOrigin?: string;
}

/** What is taken where nothing is said: the small development installation. */
export const DEFAULT_SETTINGS: Settings = {
  stage: 'dev',
  size: 'small',
  retraining: 'off',
  intraday: 'off',
  provider: 'yahoo',
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
  const provider = choice(node, 'provider', VENDORS);
  const optional = {
    stooqKeySecret: stooqKeySecret(node, provider),
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
    yahooOrigin: text(node, 'yahooOrigin', /^https?:\/\/[^/\s]+$/, 'an origin such as https://example.com'),
  };
  const settings = {
    stage: choice(node, 'stage', STAGES),
    size,
    retraining: choice(node, 'retraining', SWITCH),
    intraday: choice(node, 'intraday', SWITCH),
    provider,
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

function stooqKeySecret(node: Node, provider: Vendors): string | undefined {
  const meaning = 'the name of the secret that holds the key for Stooq';
  const secret = text(node, 'stooqKeySecret', /^[\w/+=.@-]{1,512}$/, meaning);
  const asked = provider.includes('stooq');
  if (asked && !secret) throw new SettingsError(`context "stooqKeySecret" is missing: give ${meaning}`);
  if (!asked && secret)
    throw new SettingsError('context "stooqKeySecret" is given: say -c provider=yahoo,stooq as well');
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

/** What each value allows, but the values together do not. */
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
