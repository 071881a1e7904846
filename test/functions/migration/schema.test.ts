import { describe, expect, test } from 'vitest';
import { describeSchema, verifySchema } from '../../../functions/migration/schema.ts';
import { testDatabase, useTestDatabase } from '../../support/database.ts';

const database = useTestDatabase();

/** The founding document's tables and columns, with features.additional_features as its text names it. */
const FOUNDING_COLUMNS: Record<string, string> = {
  users: 'id email password_hash is_admin is_deleted created_at',
  user_settings:
    'id user_id risk_consent_accepted risk_consent_accepted_at preferred_profile created_at updated_at',
  instruments: 'id symbol exchange name sector market_cap_bucket pe_bucket is_active created_at updated_at',
  price_bars: 'id instrument_id ts o h l c v interval created_at',
  features:
    'id instrument_id ts ret_1d ret_5d ret_20d rsi_14 momentum_5d vol_20d atr_14 volume_zscore additional_features created_at',
  model_versions: 'id version trained_at params_hash metrics_json model_path is_active created_at',
  recommendations:
    'id instrument_id model_version_id profile label confidence expected_return_pct horizon_days stop_loss take_profit justification features_snapshot generated_at is_active',
};

/** Its constraints and indexes, as Postgres prints them. */
const FOUNDING_RULES = [
  'constraint users.users_email_key UNIQUE (email)',
  'constraint user_settings.user_settings_user_id_key UNIQUE (user_id)',
  'constraint user_settings.user_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)',
  'constraint price_bars.price_bars_instrument_id_ts_interval_key UNIQUE (instrument_id, ts, "interval")',
  'constraint features.features_instrument_id_ts_key UNIQUE (instrument_id, ts)',
  'constraint model_versions.model_versions_version_key UNIQUE (version)',
  'constraint recommendations.recommendations_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id)',
  'constraint recommendations.recommendations_model_version_id_fkey FOREIGN KEY (model_version_id) REFERENCES model_versions(id)',
  'index recommendations CREATE INDEX recommendations_active_generated ON public.recommendations USING btree (is_active, generated_at)',
  'index recommendations CREATE INDEX recommendations_history ON public.recommendations USING btree (instrument_id, profile, generated_at)',
  'index recommendations CREATE UNIQUE INDEX recommendations_one_active ON public.recommendations USING btree (instrument_id, profile) WHERE is_active',
  'index model_versions CREATE UNIQUE INDEX model_versions_one_active ON public.model_versions USING btree (is_active) WHERE is_active',
  'table price_bars owner boursomatic_migrator partitioned by RANGE (ts)',
  'table features owner boursomatic_migrator partitioned by RANGE (ts)',
];

test('the migrations create exactly the schema in sql/schema.txt', async () => {
  expect(await verifySchema(database.sql)).toEqual({ missing: [], unexpected: [] });
});

test.each(Object.entries(FOUNDING_COLUMNS))(
  '%s has every column of the founding document',
  async (table, columns) => {
    const lines = await describeSchema(database.sql);
    for (const column of columns.split(' ')) {
      expect(
        lines.some((line) => line.startsWith(`column ${table}.${column} `)),
        `${table}.${column}`,
      ).toBe(true);
    }
    const id = lines.find((line) => line.startsWith(`column ${table}.id `));
    expect(id).toBe(`column ${table}.id uuid not null default uuidv7()`);
  },
);

test.each(FOUNDING_RULES)('%s', async (rule) => {
  expect(await describeSchema(database.sql)).toContain(rule);
});

describe('verifySchema names a difference', () => {
  test.each([
    ['a dropped index', 'DROP INDEX recommendations_history', 'missing', 'recommendations_history'],
    [
      'a dropped check',
      'ALTER TABLE instruments DROP CONSTRAINT instruments_pe_bucket_check',
      'missing',
      'pe_bucket',
    ],
    [
      'another type',
      'ALTER TABLE login_attempts ALTER COLUMN failures TYPE bigint',
      'unexpected',
      'login_attempts.failures bigint',
    ],
    [
      'a grant too many',
      'GRANT SELECT ON users TO boursomatic_pipeline',
      'unexpected',
      'SELECT on users to boursomatic_pipeline',
    ],
    ['a column too many', 'ALTER TABLE users ADD COLUMN nickname text', 'unexpected', 'users.nickname'],
  ] as const)('%s', async (_, change, kind, text) => {
    const damaged = await testDatabase();
    try {
      await damaged.sql.unsafe(change);
      expect((await verifySchema(damaged.sql))[kind].join('\n')).toContain(text);
    } finally {
      await damaged.close();
    }
  });
});
