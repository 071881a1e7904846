import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler } from '../../../../functions/api/auth/renew-keys.lambda.ts';
import { makeSigningKeys, SigningKeys } from '../../../../functions/api/auth/signing-keys.ts';
import { ENV } from '../../../../functions/shared/constants.ts';
import { useMockClient } from '../../../support/mock-client.ts';

const ID = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys';
const DAY_MS = 24 * 60 * 60 * 1000;
const START = Date.UTC(2026, 2, 1);
const EDGE = 'CloudFrontShowsThisToTheApi';

/** A secret in Secrets Manager, where an existing version is never overwritten. */
const manager = useMockClient(SecretsManagerClient);
let stored: string;
let version: string;
const tokens = new Map<string, string>();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  vi.stubEnv(ENV.signingKeysSecret, ID);
  // The value that CloudFormation generates.
  stored = `{"keys":[],"edge":"${EDGE}"}`;
  version = 'first';
  tokens.clear();
  manager.reset();
  manager.on(GetSecretValueCommand, { SecretId: ID }).callsFake(() => ({
    SecretString: stored,
    VersionId: version,
  }));
  manager.on(PutSecretValueCommand).callsFake(({ SecretString, ClientRequestToken }) => {
    const known = tokens.get(ClientRequestToken);
    if (known !== undefined && known !== SecretString) {
      throw new ResourceExistsException({ message: 'exists', $metadata: {} });
    }
    tokens.set(ClientRequestToken, SecretString);
    stored = SecretString;
    version = ClientRequestToken;
    return {};
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const keys = () => SigningKeys.parse(JSON.parse(stored));
const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

describe('scheduled renewal', () => {
  test('generates the first key of a new secret', async () => {
    expect(await handler({})).toEqual({ changed: true, keys: 1 });
    expect(keys().keys[0]?.notBefore).toBe(new Date(START).toISOString());
  });

  test('leaves young keys unchanged', async () => {
    await handler({});
    const before = stored;
    pass(89 * DAY_MS);
    expect(await handler({})).toEqual({ changed: false, keys: 1 });
    expect(stored).toBe(before);
  });

  test('announces and switches to a new key within a day, and drops the old one a day later', async () => {
    await handler({});
    const { current } = keys();
    pass(90 * DAY_MS);
    await handler({});
    expect(keys()).toMatchObject({ current, keys: [{ kid: current }, {}] });
    pass(DAY_MS);
    await handler({});
    expect(keys().current).not.toBe(current);
    expect(keys().keys.map(({ kid }) => kid)).toContain(current);
    pass(DAY_MS);
    await handler({});
    expect(keys().keys.map(({ kid }) => kid)).toEqual([keys().current]);
  });

  test('keeps one of two concurrent renewals', async () => {
    const answers = await Promise.all([handler({}), handler({})]);
    expect(answers.map(({ changed }) => changed).sort()).toEqual([false, true]);
    expect(keys().keys).toHaveLength(1);
  });
});

test("keeps CloudFront's proof when keys change", async () => {
  await handler({});
  expect(keys().edge).toBe(EDGE);
  for (const days of [90, 1, 1]) {
    pass(days * DAY_MS);
    expect(await handler({})).toMatchObject({ changed: true });
    expect(keys().edge).toBe(EDGE);
  }
  await handler({ leaked: true });
  expect(keys().edge).toBe(EDGE);
});

describe('the key that encrypts second factors', () => {
  const kids = () => keys().encryption?.map(({ kid }) => kid) ?? [];

  test('is generated with the first signing key, and survives every renewal', async () => {
    await handler({});
    const before = keys().encryption;
    expect(before).toHaveLength(1);
    for (const days of [90, 1, 1]) {
      pass(days * DAY_MS);
      expect(await handler({})).toMatchObject({ changed: true });
      expect(keys().encryption).toEqual(before);
    }
  });

  test('is added to signing keys of an earlier release', async () => {
    const { encryption: _none, ...earlier } = { ...(await makeSigningKeys(new Date(START))), encryption: 1 };
    stored = JSON.stringify({ ...earlier, edge: EDGE });
    expect(await handler({})).toEqual({ changed: true, keys: 1 });
    expect(keys()).toMatchObject({ current: earlier.current, edge: EDGE });
    expect(kids()).toHaveLength(1);
    expect(await handler({})).toEqual({ changed: false, keys: 1 });
  });

  test('stays after a leak, behind a new one', async () => {
    await handler({});
    const [first] = kids();
    await handler({ leaked: true });
    expect(kids()).toEqual([expect.any(String), first]);
  });

  test('stays when an operator empties the list of signing keys', async () => {
    await handler({});
    const [first] = kids();
    stored = JSON.stringify({ keys: [], edge: EDGE, encryption: keys().encryption });
    await handler({});
    expect(kids()).toEqual([first]);
  });
});

test("fills a secret without CloudFront's proof", async () => {
  stored = '{"keys":[]}';
  expect(await handler({})).toEqual({ changed: true, keys: 1 });
  expect(keys()).not.toHaveProperty('edge');
});

describe('renewal after a leak', () => {
  test('replaces all keys with one new key', async () => {
    await handler({});
    const { current } = keys();
    expect(await handler({ leaked: true })).toEqual({ changed: true, keys: 1 });
    expect(keys().keys.map(({ kid }) => kid)).not.toContain(current);
  });

  test('fails if a concurrent renewal wrote first', async () => {
    const answers = await Promise.allSettled([handler({ leaked: true }), handler({ leaked: true })]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

test.each([
  ['no JSON', 'hunter2', 'is not JSON'],
  ['no keys', '{"password":"hunter2"}', 'holds no signing keys'],
  [
    'keys without the current one',
    () => makeSigningKeys(new Date(START)).then((made) => JSON.stringify({ ...made, current: 'x' })),
    'holds no signing keys',
  ],
])('neither overwrites nor reveals a secret that holds %s', async (_what, content, message) => {
  stored = typeof content === 'string' ? content : await content();
  const error = await handler({}).catch((reason: unknown) => reason);
  expect(String(error)).toBe(`ConfigurationError: secret ${ID}: ${message}`);
  expect(manager.commandCalls(PutSecretValueCommand)).toHaveLength(0);
});

test.each([{ leak: true }, { leaked: 'yes' }, [], null])('rejects the event %j', async (event) => {
  await expect(handler(event)).rejects.toThrow('key renewal');
  expect(manager.commandCalls(GetSecretValueCommand)).toHaveLength(0);
});
