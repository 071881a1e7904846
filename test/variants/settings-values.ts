import { type VendorDescriptor, vendorsOf } from '../../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { settingKey } from '../../lib/settings-schema.ts';

/** Some settings of a deployment, as the CDK context passes them. */
export type Context = Readonly<Record<string, string>>;

const VENDORS = vendorsOf(PROVIDERS);

/** Settings that choose some vendors, with the variables that they require, or with every variable. */
function choose(vendors: readonly VendorDescriptor[], withAll = false): Context {
  const variables = vendors.flatMap(({ name, variables }) =>
    Object.entries(variables)
      .filter(([, { isRequired }]) => isRequired || withAll)
      .map(([variable, { holds }]) => [
        settingKey(variable),
        holds === 'secret' ? `boursomatic/${name}` : `https://${name}.example.com`,
      ]),
  );
  return { provider: vendors.map(({ name }) => name).join(','), ...Object.fromEntries(variables) };
}

/**
 * The choices that a person has, each with at least one value of every kind. Settings that belong together are one
 * choice. `{}` leaves the default.
 */
export const CHOICES: Readonly<Record<string, readonly Context[]>> = {
  stage: [{ stage: 'dev' }, { stage: 'staging' }, { stage: 'prod' }],
  size: [{ size: 'small' }, { size: 'scale' }],
  database: [
    { database: 'managed' },
    { database: 'external', databaseSecret: 'boursomatic/postgres' },
    {
      database: 'external',
      databaseSecret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-a1B2c3',
    },
  ],
  proxy: [{ proxy: 'off' }, { proxy: 'on' }],
  replica: [{ replica: 'off' }, { replica: 'on' }],
  intraday: [{ intraday: 'off' }, { intraday: 'on' }],
  retraining: [{ retraining: 'off' }, { retraining: 'on' }],
  reference: [{}, { reference: 'basket' }, { reference: 'imported' }, { reference: 'none' }],
  benchmark: [{}, { benchmark: '^GSPC' }, { benchmark: 'none' }],
  provider: [...VENDORS.map((vendor) => choose([vendor])), choose(VENDORS), choose(VENDORS, true)],
  budget: [{}, { budget: '40' }, { budget: 'off' }],
  alarmEmail: [{}, { alarmEmail: 'ops@example.com' }],
  alertsFrom: [{}, { alertsFrom: 'alerts@example.com' }],
  following: [{}, { following: 'admins', followingLimit: '500' }, { following: 'off' }],
  backupDays: [{}, { backupDays: '1' }],
  publicationLockDays: [{}, { publicationLockDays: '365' }],
  backups: [
    {},
    {
      backupRegion: 'eu-central-1',
      backupKey: 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000',
    },
  ],
  domain: [
    {},
    {
      domain: 'bourse.example.com',
      certificate: 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000',
    },
  ],
  region: [{}, { region: 'eu-west-1' }],
  architecture: [{ architecture: 'arm64' }, { architecture: 'x86_64' }],
  concurrency: [{ concurrency: 'reserved' }, { concurrency: 'account' }],
};
