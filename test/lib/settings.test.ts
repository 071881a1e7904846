import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, readSettings } from '../../lib/settings.ts';

const read = (context: Record<string, unknown>, region?: string) =>
  readSettings(new App({ context }).node, region);

describe('readSettings', () => {
  test('defaults to a small development installation', () => {
    expect(read({})).toEqual(DEFAULT_SETTINGS);
  });

  test('reads every value from the context', () => {
    const given = {
      stage: 'prod',
      size: 'scale',
      retraining: 'on',
      reference: 'basket',
      benchmark: 'VOO',
      intraday: 'on',
      provider: 'yahoo',
      proxy: 'on',
      replica: 'on',
      alarmEmail: 'ops@example.com',
      alertsFrom: 'alerts@example.com',
      following: 'admins',
    };
    expect(read({ ...given, budget: '300', followingLimit: '20' })).toEqual({
      ...given,
      providerVariables: {},
      budget: 300,
      followingLimit: 20,
    });
  });

  test('reads vendors, with the origins and secret names that they use', () => {
    const provider = 'yahoo,stooq';
    const context = { provider, stooqKeySecret: 'boursomatic/stooq', yahooOrigin: 'https://example.com' };
    expect(read(context)).toEqual({
      ...DEFAULT_SETTINGS,
      provider,
      providerVariables: { STOOQ_KEY_SECRET: 'boursomatic/stooq', YAHOO_ORIGIN: 'https://example.com' },
    });
  });

  test('reads the days and the copies of backups', () => {
    const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd';
    const context = { backupDays: '1', backupRegion: 'eu-central-1', backupKey: keyArn };
    expect(read(context)).toEqual({
      ...DEFAULT_SETTINGS,
      backupDays: 1,
      backupCopy: { region: 'eu-central-1', keyArn },
    });
  });

  test('reads the secret name of an external database', () => {
    expect(read({ database: 'external', databaseSecret: 'my/db', budget: 'off' })).toMatchObject({
      databaseSecret: 'my/db',
    });
    expect(read({ budget: 'off' })).not.toHaveProperty('budget');
  });

  test('refuses credentials of another region than the configured one', () => {
    expect(read({ region: 'eu-west-1' }, 'eu-west-1')).toEqual(DEFAULT_SETTINGS);
    expect(read({ region: 'eu-west-1' })).toEqual(DEFAULT_SETTINGS);
    expect(() => read({ region: 'eu-west-1' }, 'us-east-1')).toThrow(
      /eu-west-1.*us-east-1.*AWS_REGION=eu-west-1/,
    );
    expect(() => read({ region: 'Europe' })).toThrow('use a region such as eu-west-1');
  });

  test.each([
    [
      'an unknown stage',
      { stage: 'production' },
      'setting "stage" is "production": use one of dev, staging, prod',
    ],
    ['an unknown size', { size: 'Large' }, 'setting "size" is "Large": use one of small, scale'],
    [
      'an unknown retraining',
      { retraining: 'weekly' },
      'setting "retraining" is "weekly": use one of off, on',
    ],
    ['retraining as a boolean', { retraining: true }, 'setting "retraining" is true: use one of off, on'],
    ['an empty stage', { stage: '' }, 'setting "stage" is "": use one of dev, staging, prod'],
    [
      'an external database without a secret',
      { database: 'external' },
      'set databaseSecret to the name of its secret',
    ],
    ['a database secret without an external database', { databaseSecret: 'x' }, 'set database to external'],
    ['an unknown database', { database: 'rds' }, 'use one of managed, external'],
    ['a proxy in size small', { proxy: 'on' }, 'set size to scale'],
    ['a replica in size small', { replica: 'on' }, 'set size to scale'],
    [
      'a proxy of an external database',
      { size: 'scale', proxy: 'on', database: 'external', databaseSecret: 'x' },
      'which needs a managed database',
    ],
    [
      'retraining on Fargate with an external database',
      { retraining: 'on', database: 'external', databaseSecret: 'x' },
      'npm run retrain',
    ],
    ['a budget of 0', { budget: 0 }, 'use an amount of US dollars per month above 0, or off'],
    [
      'a budget that is not a number',
      { budget: 'plenty' },
      'use an amount of US dollars per month above 0, or off',
    ],
    ['an invalid e-mail address', { alarmEmail: 'ops' }, 'use an e-mail address such as ops@example.com'],
    ['an invalid origin', { yahooOrigin: 'localhost' }, 'use an origin such as https://example.com'],
    [
      'a domain without a certificate',
      { domain: 'bourse.example.com' },
      'belong together: set both or neither',
    ],
    [
      'a certificate of another region',
      { domain: 'a.example.com', certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/a' },
      'a certificate in us-east-1',
    ],
    ['an unknown reference', { reference: 'dax' }, 'use one of sp500, basket, imported, none'],
    ['a benchmark that is no symbol', { benchmark: 'S&P 500' }, 'use a symbol such as SPY, or none'],
    ['an unknown key', { stag: 'dev' }, 'unknown setting "stag": use one of stage, size'],
    [
      'an unknown provider',
      { provider: 'sample' },
      'setting "provider" is "sample": use one or more of yahoo, stooq, alpaca, tiingo, massive, separated by commas',
    ],
    [
      'Stooq without its key',
      { provider: 'yahoo,stooq' },
      'setting "stooqKeySecret" is missing: set it to the name of the secret',
    ],
    [
      'a key for Stooq without Stooq as a provider',
      { stooqKeySecret: 'boursomatic/stooq' },
      'setting "stooqKeySecret" is set, but "provider" lacks stooq: add stooq to provider, or remove the setting',
    ],
    [
      'intraday bars from vendors that have none',
      { provider: 'stooq', stooqKeySecret: 'boursomatic/stooq', intraday: 'on' },
      'setting "intraday" is "on", and stooq has no 15-minute bars',
    ],
    [
      'a key instead of the name of its secret',
      { provider: 'stooq', stooqKeySecret: '{"apikey": "x"}' },
      'setting "stooqKeySecret" is',
    ],
    ['a lock of 0 days', { publicationLockDays: '0' }, 'use a number of days from 1 to 36500'],
    ['backups of 0 days', { backupDays: 0 }, 'setting "backupDays" is 0: use a number of days from 1 to 35'],
    ['backups of 36 days', { backupDays: '36' }, 'use a number of days from 1 to 35'],
    ['backups of half a day', { backupDays: '0.5' }, 'use a number of days from 1 to 35'],
    [
      'backup days of an external database',
      { backupDays: 1, database: 'external', databaseSecret: 'x' },
      'setting "backupDays" needs a managed database',
    ],
    [
      'a region for copies without a key',
      { backupRegion: 'eu-west-1' },
      'belong together: set both or neither',
    ],
    [
      'a key in another region than the copies',
      { backupRegion: 'eu-west-1', backupKey: 'arn:aws:kms:eu-west-2:111122223333:key/a' },
      'use a key in eu-west-1, the region of the copies',
    ],
    [
      'copies in the region of the database',
      {
        region: 'eu-west-1',
        backupRegion: 'eu-west-1',
        backupKey: 'arn:aws:kms:eu-west-1:111122223333:key/a',
      },
      'setting "backupRegion" is "eu-west-1", where the database is',
    ],
    ['a size that is not a string', { size: 2 }, 'setting "size" is 2: use one of small, scale'],
  ])('refuses %s', (_, context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});

describe('bin/boursomatic.ts', () => {
  test('reports an unknown value in one line and exits with code 2', () => {
    const run = () =>
      execFileSync(process.execPath, [fileURLToPath(new URL('../../bin/boursomatic.ts', import.meta.url))], {
        env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ size: 'huge' }) },
        stdio: 'pipe',
        encoding: 'utf8',
      });
    expect(run).toThrow(
      expect.objectContaining({ status: 2, stderr: 'setting "size" is "huge": use one of small, scale\n' }),
    );
  });
});
