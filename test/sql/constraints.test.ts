import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';

const database = useTestDatabase();
beforeAll(async () => {
  await database.sql`SELECT ensure_partitions('daily', '2013-01-01', '2013-12-31')`;
  await database.sql.unsafe(`
    INSERT INTO instruments (id, symbol) VALUES ('${INSTRUMENT}', 'AAPL');
    INSERT INTO users (id, email, password_hash) VALUES ('${INSTRUMENT}', 'a@example.org', 'x');
    INSERT INTO model_versions (id, version, trained_at, params_hash, metrics_json, model_path, is_active)
      VALUES ('${INSTRUMENT}', 'v1.0.0', now(), 'h', '{}', 'p', true);
    INSERT INTO pipeline_runs (id, input) VALUES ('run', '{}')`);
});

const INSTRUMENT = '00000000-0000-7000-8000-000000000001';

/** An insert of one row with valid values, which a test may replace. */
function insertion(table: string, defaults: Record<string, string>) {
  return (changes: Record<string, string> = {}) => {
    const row = { ...defaults, ...changes };
    return `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`;
  };
}

const bar = insertion('price_bars', {
  instrument_id: `'${INSTRUMENT}'`,
  ts: "'2013-02-01T00:00:00Z'",
  o: '10',
  h: '12',
  l: '9',
  c: '11',
  v: '1000',
  interval: "'daily'",
});
const recommendation = insertion('recommendations', {
  instrument_id: `'${INSTRUMENT}'`,
  model_version_id: `'${INSTRUMENT}'`,
  profile: "'moderate'",
  label: "'BUY'",
  confidence: '0.5',
  expected_return_pct: '1',
  horizon_days: '20',
  stop_loss: '9',
  take_profit: '12',
  justification: "'because'",
  features_snapshot: "'{}'",
  explanation: "'{}'",
  generated_at: 'now()',
  is_active: 'true',
  as_of: "'2013-02-01'",
  run_id: "'run'",
});
const version = insertion('model_versions', {
  version: "'v2.0.0'",
  trained_at: 'now()',
  params_hash: "'h'",
  metrics_json: "'{}'",
  model_path: "'p'",
  is_active: 'false',
});
const settings = insertion('user_settings', { user_id: `'${INSTRUMENT}'` });
const instrument = insertion('instruments', { symbol: "'IBM'" });
const user = insertion('users', { email: "'b@example.org'", password_hash: "'x'" });

const OHLCV = { o: '10', h: '12', l: '9', c: '11', v: '1000', interval: "'daily'" };
const action = insertion('corporate_actions', {
  instrument_id: `'${INSTRUMENT}'`,
  ex_date: "'2013-02-01'",
  kind: "'split'",
  value: '4',
  source: "'yahoo'",
  first_seen_at: 'now()',
});
const revision = insertion('bar_revisions', {
  instrument_id: `'${INSTRUMENT}'`,
  ts: "'2013-02-01'",
  first_seen_at: 'now()',
  ...OHLCV,
});
const quarantined = insertion('quarantined_bars', {
  instrument_id: `'${INSTRUMENT}'`,
  ts: "'2013-02-01'",
  ...OHLCV,
  source: "'yahoo'",
  fetched_at: 'now()',
  run_id: "'run'",
  reason: "'jump'",
  message: "'m'",
});
const fetch = insertion('instrument_fetches', {
  instrument_id: `'${INSTRUMENT}'`,
  interval: "'daily'",
  run_id: "'run'",
  source: "'yahoo'",
  fetched_at: 'now()',
  asked_from: "'2013-01-01'",
  first_ts: "'2013-02-01'",
  last_ts: "'2013-02-02'",
});

const CHECK = '23514';
const UNIQUE = '23505';
const FOREIGN = '23503';

test.each([
  ['an unknown interval', bar({ interval: "'1h'" }), CHECK],
  ['a low above the open', bar({ l: '10.5' }), CHECK],
  ['a high below the close', bar({ h: '10.5' }), CHECK],
  ['a price of zero', bar({ l: '0' }), CHECK],
  ['a price of NaN', bar({ h: "'NaN'" }), CHECK],
  ['a negative volume', bar({ v: '-1' }), CHECK],
  ['a daily bar off midnight UTC', bar({ ts: "'2013-02-01T14:30:00Z'" }), CHECK],
  ['a bar of an unknown instrument', bar({ instrument_id: 'uuidv7()' }), FOREIGN],
  ['an unknown label', recommendation({ label: "'STRONG BUY'" }), CHECK],
  ['an unknown profile', recommendation({ profile: "'reckless'" }), CHECK],
  ['a confidence above one', recommendation({ confidence: '1.01' }), CHECK],
  ['a confidence below zero', recommendation({ confidence: '-0.01' }), CHECK],
  ['a confidence of NaN', recommendation({ confidence: "'NaN'" }), CHECK],
  ['a horizon of 0 days', recommendation({ horizon_days: '0' }), CHECK],
  ['a recommendation of an unknown model', recommendation({ model_version_id: 'uuidv7()' }), FOREIGN],
  ['a malformed version', version({ version: "'2.0'" }), CHECK],
  ['a second active model', version({ is_active: 'true' }), UNIQUE],
  ['a version twice', version({ version: "'v1.0.0'" }), UNIQUE],
  ['an unknown preferred profile', settings({ preferred_profile: "'reckless'" }), CHECK],
  ['a consent without its time', settings({ risk_consent_accepted: 'true' }), CHECK],
  ['settings of an unknown user', settings({ user_id: 'uuidv7()' }), FOREIGN],
  ['an unknown market capitalisation bucket', instrument({ market_cap_bucket: "'huge'" }), CHECK],
  ['an unknown price-earnings bucket', instrument({ pe_bucket: "'cheap'" }), CHECK],
  ['a symbol with a slash', instrument({ symbol: "'../X'" }), CHECK],
  ['an active symbol on two exchanges', instrument({ symbol: "'AAPL'", exchange: "'XETRA'" }), UNIQUE],
  ['an unknown action', action({ kind: "'merger'" }), CHECK],
  ['a dividend of 0', action({ kind: "'dividend'", value: '0' }), CHECK],
  ['a ratio of NaN', action({ value: "'NaN'" }), CHECK],
  ['a revision of an unknown instrument', revision({ instrument_id: 'uuidv7()' }), FOREIGN],
  ['a revision of an unknown interval', revision({ interval: "'1h'" }), CHECK],
  ['a quarantine without a reason', quarantined({ reason: "''" }), CHECK],
  ['a quarantine by an unknown run', quarantined({ run_id: "'other'" }), FOREIGN],
  ['a fetch that ends before it begins', fetch({ last_ts: "'2013-01-31'" }), CHECK],
  ['a fetch with half a span', fetch({ last_ts: 'NULL' }), CHECK],
  ['a fetch whose notes are not a list', fetch({ notes: "'{}'" }), CHECK],
  ['an e-mail in capitals', user({ email: "'B@example.org'" }), CHECK],
  ['an e-mail twice', user({ email: "'a@example.org'" }), UNIQUE],
])('rejects %s', async (_, statement, code) => {
  await expect(database.sql.unsafe(statement)).rejects.toMatchObject({ code });
});

test('keeps one bar per instrument, instant and interval', async () => {
  await database.sql.unsafe(bar());
  await expect(database.sql.unsafe(bar({ c: '10' }))).rejects.toMatchObject({ code: UNIQUE });
});

test('keeps one action per day and kind, one revision per bar, one fetch per run, and one quarantined bar per reason', async () => {
  for (const [statement, other] of [
    [action(), action({ kind: "'dividend'" })],
    [revision(), revision({ interval: "'15m'" })],
    [fetch(), fetch({ interval: "'15m'" })],
    [quarantined(), quarantined({ reason: "'wick'" })],
  ] as const) {
    await database.sql.unsafe(statement);
    await database.sql.unsafe(other);
    await expect(database.sql.unsafe(statement)).rejects.toMatchObject({ code: UNIQUE });
  }
});

test('keeps one active recommendation per instrument and profile, and any number of archived ones', async () => {
  await database.sql.unsafe(recommendation());
  await database.sql.unsafe(recommendation({ is_active: 'false' }));
  await database.sql.unsafe(recommendation({ is_active: 'false' }));
  await database.sql.unsafe(recommendation({ profile: "'aggressive'" }));
  await expect(database.sql.unsafe(recommendation())).rejects.toMatchObject({ code: UNIQUE });
});

test('an update changes updated_at and not created_at', async () => {
  const rename = (name: string) => database.sql<{ updated: string; created: string }[]>`
    UPDATE instruments SET name = ${name} WHERE symbol = 'AAPL'
    RETURNING updated_at::text AS updated, created_at::text AS created`;
  const [before] = await rename('A');
  await database.sql`SELECT pg_sleep(0.002)`;
  const [after] = await rename('B');
  expect(after?.updated).not.toBe(before?.updated);
  expect(after?.created).toBe(before?.created);
});

test('ids are UUIDs of version 7, which sort by time', async () => {
  const [row] = await database.sql<
    { id: string }[]
  >`INSERT INTO users (email, password_hash) VALUES ('c@example.org', 'x') RETURNING id`;
  expect(row?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
