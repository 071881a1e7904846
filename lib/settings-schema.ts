import * as z from 'zod';
import { providerNames } from '../functions/ingest/providers/choice.ts';
import { type Variable, vendorsOf } from '../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../functions/ingest/providers/registry.ts';
import { variablesOf } from '../functions/ingest/providers/variables.ts';
import { ADDERS, DEPLOYED_REFERENCES } from '../functions/shared/constants.ts';
import { Benchmark } from '../functions/shared/fields.ts';

/** Stages. Each has its own stacks, so one account can hold several. */
const STAGES = ['dev', 'staging', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

/** Sizes: `small` serves one household, `scale` thousands of instruments and users. */
export const SIZES = ['small', 'scale'] as const;
export type Size = (typeof SIZES)[number];

/** An optional feature. The first value is the default. */
const SWITCH = ['off', 'on'] as const;
export type Switch = (typeof SWITCH)[number];

/** Processors of the functions. x86_64 is for emulators on such machines. */
const ARCHITECTURES = ['arm64', 'x86_64'] as const;
export type ArchitectureName = (typeof ARCHITECTURES)[number];

/** RDS keeps automated backups for at most this many days. */
const MAX_BACKUP_DAYS = 35;

/** Messages of the settings that are numbers. */
const BACKUP_DAYS = `use a number of days from 1 to ${MAX_BACKUP_DAYS}`;
const LOCK_DAYS = 'use a number of days from 1 to 36500';
const ADDED = 'use a number of instruments from 1 to 10000';
const BUDGET = 'use an amount of US dollars per month above 0, or off';

const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

/** The key that sets an environment variable: `stooqKeySecret` sets `STOOQ_KEY_SECRET`. */
export function settingKey(variable: string): string {
  return variable.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Describes the value of a vendor's variable, to continue an instruction. */
export function variableMeaning({ holds, purpose }: Variable): string {
  return holds === 'secret' ? `the name of the secret that holds ${purpose}` : purpose;
}

/** The schema of a vendor's variable as a setting: a secret's variable holds the name of the secret. */
export function variableSchema(variable: Variable): z.ZodType<string> {
  return variable.holds === 'secret' ? text(SECRET_NAME, variableMeaning(variable)) : variable.schema;
}

const VENDORS = vendorsOf(PROVIDERS);
const VENDOR_NAMES = VENDORS.map(({ name }) => name);
const EMAIL = text(/^[^@\s]+@[^@\s]+$/, 'an e-mail address such as ops@example.com');
const REGION = text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1');

/** Every setting of a stage. The files in stages/ and the CDK context have these keys and values. */
export const STAGE_SETTINGS = {
  size: oneOf(SIZES),
  region: REGION,
  database: oneOf(['managed', 'external']),
  databaseSecret: text(/^[\w/+=.@:-]+$/, 'the name or ARN of a secret'),
  backupDays: numeric(z.int(BACKUP_DAYS).min(1, BACKUP_DAYS).max(MAX_BACKUP_DAYS, BACKUP_DAYS)),
  backupRegion: REGION,
  backupKey: text(
    /^arn:aws:kms:[a-z\d-]+:\d{12}:key\/[\w-]+$/,
    'the ARN of a key in the region of backupRegion, such as arn:aws:kms:eu-central-1:111122223333:key/ID',
  ),
  publicationLockDays: numeric(z.int(LOCK_DAYS).min(1, LOCK_DAYS).max(36_500, LOCK_DAYS)),
  proxy: oneOf(SWITCH),
  replica: oneOf(SWITCH),
  intraday: oneOf(SWITCH),
  retraining: oneOf(SWITCH),
  reference: oneOf(DEPLOYED_REFERENCES),
  benchmark: z.string().refine((value) => Benchmark.safeParse(value).success, {
    error: 'use a symbol such as SPY, or none',
  }),
  provider: z.string().refine((value) => providerNames(VENDORS).safeParse(value).success, {
    error: `use one or more of ${VENDOR_NAMES.join(', ')}, separated by commas`,
  }),
  budget: z.union([z.literal('off', BUDGET), numeric(z.number(BUDGET).positive(BUDGET))], BUDGET),
  alarmEmail: EMAIL,
  alertsFrom: z.email('use an e-mail address such as alerts@example.com'),
  following: oneOf(ADDERS),
  followingLimit: numeric(z.int(ADDED).min(1, ADDED).max(10_000, ADDED)),
  domain: text(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'a domain such as bourse.example.com'),
  certificate: text(
    /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
    'the ARN of a certificate in us-east-1, the region of CloudFront certificates',
  ),
  architecture: oneOf(ARCHITECTURES),
  concurrency: oneOf(['reserved', 'account']),
};

/** The stage, which selects the file of the settings. */
export const STAGE = oneOf(STAGES);

/** The variables of all vendors, by setting key. */
const VENDOR_SETTINGS: Record<string, z.ZodType<string>> = Object.fromEntries(
  [...variablesOf(VENDORS)].map(([name, variable]) => [settingKey(name), variableSchema(variable)]),
);

/** A file in stages/: any of the settings; the defaults apply to the others. */
export const StageFile = z.strictObject({ ...STAGE_SETTINGS, ...VENDOR_SETTINGS }).partial();

/** Every context key of this application. */
export const KNOWN_KEYS: readonly string[] = ['stage', ...Object.keys(StageFile.shape)];

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `use one of ${values.join(', ')}`);
}

function text(shape: RegExp, meaning: string) {
  return z.string(`use ${meaning}`).regex(shape, `use ${meaning}`);
}

/** A number, or its digits: the command line passes every value as text. */
function numeric<T extends z.ZodType<number, number>>(schema: T) {
  const isNumber = (given: unknown) => typeof given === 'string' && /^\d+(\.\d+)?$/.test(given);
  return z.preprocess((given) => (isNumber(given) ? Number(given) : given), schema);
}
