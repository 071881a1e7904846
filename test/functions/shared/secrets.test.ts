import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../../../functions/shared/errors.ts';
import { readDatabaseSecret } from '../../../functions/shared/secrets.ts';
import { useMockClient } from '../../support/mock-client.ts';

const login = { host: 'db.test', port: 5432, dbname: 'boursomatic', username: 'api', password: 'hunter2' };

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-secrets-'));
  path = join(folder, 'api.json');
});
afterEach(() => rm(folder, { recursive: true }));

const readFileSecret = () => readDatabaseSecret(pathToFileURL(path).href);

/** The refusal: a ConfigurationError without the password. */
async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(String(error)).not.toContain('hunter2');
  return String(error);
}

describe('a secret in a file', () => {
  test('is read with the fields of a login only', async () => {
    await writeFile(path, JSON.stringify({ ...login, port: '5433', sslmode: 'disable', engine: 'postgres' }));
    expect(await readFileSecret()).toEqual({ ...login, port: 5433, sslmode: 'disable' });
  });

  test('is read again each time, so that a rotation is seen', async () => {
    await writeFile(path, JSON.stringify(login));
    await readFileSecret();
    await writeFile(path, JSON.stringify({ ...login, password: 'rotated' }));
    expect((await readFileSecret()).password).toBe('rotated');
  });

  test('is named when it is missing', async () => {
    expect(await refusal(readFileSecret())).toMatch(/secret file:.*api\.json: cannot be read$/);
  });

  test.each([
    ['no JSON', 'hunter2', /is not JSON$/],
    ['cut off', JSON.stringify(login).slice(0, -1), /is not JSON$/],
    [
      'without its host and user',
      JSON.stringify({ ...login, host: undefined, username: 7 }),
      /malformed: host, username$/,
    ],
    ['with the password in the port', JSON.stringify({ ...login, port: 'hunter2' }), /malformed: port$/],
    ['a JSON string', '"hunter2"', /missing or malformed/],
  ])('is rejected without its values when it is %s', async (_, content, message) => {
    await writeFile(path, content);
    expect(await refusal(readFileSecret())).toMatch(message);
  });
});

describe('a managed secret', () => {
  const manager = useMockClient(SecretsManagerClient);
  beforeEach(() => {
    manager.reset();
    vi.stubEnv('AWS_REGION', 'eu-west-3');
  });
  afterAll(() => vi.unstubAllEnvs());

  test('is requested by its id', async () => {
    manager
      .on(GetSecretValueCommand, { SecretId: 'boursomatic/api' })
      .resolves({ SecretString: JSON.stringify(login) });
    expect(await readDatabaseSecret('boursomatic/api')).toEqual(login);
  });

  test.each([
    ['without text', {}, 'has no text'],
    ['not a login', { SecretString: '{"password":"hunter2"}' }, 'malformed: host, port, dbname, username'],
  ])('is rejected when it is %s', async (_, answer, message) => {
    manager.on(GetSecretValueCommand).resolves(answer);
    expect(await refusal(readDatabaseSecret('boursomatic/api'))).toContain(`secret boursomatic/api: `);
    expect(await refusal(readDatabaseSecret('boursomatic/api'))).toContain(message);
  });
});
