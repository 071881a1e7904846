import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CONSENT_TEXT } from '../../../functions/api/account/consent-text.ts';
import { GROUPS, type Group } from '../../../functions/api/core/groups.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { ApiFunction } from '../../../lib/constructs/api-function.ts';
import { NetworkStack } from '../../../lib/stacks/network.ts';
import { getRequest } from '../../functions/api/support.ts';
import { newApp, resources } from '../app.ts';

/** Limits of the bundles, in bytes: slightly above their size, so that an added package is noticed. */
const LIMITS: Record<Group, number> = {
  auth: 520_000,
  account: 520_000,
  recommendations: 520_000,
  market: 550_000,
  admin: 540_000,
};

const SDK = 'node_modules/@aws-sdk/client-secrets-manager/index.js';

let app: App;
let folder: string;
const bundles: Partial<Record<Group, string>> = {};
const bundleOf = (group: Group) => defined(bundles[group], `bundle of ${group}`);
beforeAll(() => {
  app = newApp({});
  const stack = new Stack(app, 'stack');
  const { placement } = new NetworkStack(app, 'network', { size: 'small' });
  for (const group of GROUPS) new ApiFunction(stack, group, { group, ...placement });
  app.synth();
  const functions = resources(Template.fromStack(stack), 'AWS::Lambda::Function');
  for (const [id, { Properties }] of Object.entries(functions)) {
    const { S3Key } = Properties.Code as { S3Key: string };
    const group = GROUPS.find((name) => id.startsWith(name));
    if (group) bundles[group] = join(app.outdir, `asset.${S3Key.replace(/\.zip$/, '')}`);
  }
  folder = mkdtempSync(join(tmpdir(), 'boursomatic-bundle-'));
}, 240_000);
afterAll(() => {
  rmSync(app.outdir, { recursive: true });
  rmSync(folder, { recursive: true });
});

/** Sends a request to a bundle, in a separate Node process without the project's packages. */
function request(group: Group, path: string, routeKey: string): { statusCode: number; body: string } {
  const login = join(folder, 'login.json');
  const unreachable = {
    host: '127.0.0.1',
    port: 1,
    dbname: 'x',
    username: 'x',
    password: 'x',
    sslmode: 'disable',
  };
  writeFileSync(login, JSON.stringify(unreachable));
  const keys = join(inject('dataDir'), 'secrets', 'signing-keys.json');
  const event = JSON.stringify({ ...getRequest(path), routeKey });
  const script = `
    require(process.argv[1]).handler(${event}, { getRemainingTimeInMillis: () => 9000 })
      .then((answer) => console.log(JSON.stringify(answer)))`;
  const env = {
    PATH: process.env.PATH,
    API_DATABASE_SECRET: pathToFileURL(login).href,
    SIGNING_KEYS_SECRET: pathToFileURL(keys).href,
    TOKEN_ISSUER: 'x',
  };
  const bundle = join(bundleOf(group), 'index.js');
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script, bundle], { cwd: folder, env, encoding: 'utf8' }),
  );
}

describe.each(GROUPS)('the bundle of %s', (group) => {
  test('stays within its limit, SDK included', () => {
    const { size } = statSync(join(bundleOf(group), 'index.js'));
    const sdk = statSync(join(bundleOf(group), SDK));
    expect(size + sdk.size).toBeLessThan(LIMITS[group]);
    expect(sdk.size).toBeGreaterThan(100_000);
  });

  test('loads the SDK when a secret is on AWS', () => {
    const script = `
      require(process.argv[1]).handler(${JSON.stringify({ ...getRequest('/v1/health'), routeKey: 'GET /v1/health' })}, { getRemainingTimeInMillis: () => 9000 })
        .then(({ statusCode }) => console.log(statusCode, Object.keys(require.cache).some((file) => file.endsWith('${SDK}'))))`;
    const env = {
      PATH: process.env.PATH,
      API_DATABASE_SECRET: 'boursomatic/api',
      SIGNING_KEYS_SECRET: 'boursomatic/keys',
      TOKEN_ISSUER: 'x',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      // Nothing listens on this port, so the connection is refused; one attempt is enough.
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_MAX_ATTEMPTS: '1',
      AWS_LAMBDA_FUNCTION_NAME: group,
      POWERTOOLS_DEV: 'true',
    };
    const bundle = join(bundleOf(group), 'index.js');
    const out = execFileSync(process.execPath, ['-e', script, bundle], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(out).toContain('true');
  });

  test('answers an unknown path with 404', () => {
    expect(request(group, '/v1/nothing', 'ANY /v1/{rest+}').statusCode).toBe(404);
  });

  test('loads the SDK and the HTTP modules of Node only on demand', () => {
    const script = `
      const before = new Set(process.moduleLoadList);
      require(process.argv[1]);
      console.log(process.moduleLoadList.filter((name) => !before.has(name)).join('\\n'));`;
    const bundle = join(bundleOf(group), 'index.js');
    const loaded = execFileSync(process.execPath, ['-e', script, bundle], { encoding: 'utf8' });
    expect(loaded).toContain('NativeModule net');
    expect(loaded).not.toMatch(/NativeModule (internal\/deps\/undici|https?\n|http2)/);
  });
});

describe('the text files of a bundle', () => {
  test('include the consent', () => {
    const { body } = request('account', '/v1/consent', 'ANY /v1/consent');
    expect(JSON.parse(body).text).toBe(CONSENT_TEXT);
  });

  test('include the common passwords', () => {
    const text = readFileSync(join(bundleOf('auth'), 'common-passwords.txt'), 'utf8');
    expect(text).toContain('\nqwerty123456\n');
  });

  test('are absent from groups that do not read them', () => {
    expect(readdirSync(bundleOf('market')).sort()).toEqual(['index.js', 'index.js.map', 'node_modules']);
  });
});

describe('the judge of new passwords', () => {
  test('is a separate file in the bundle of auth only', () => {
    const judge = (group: Group) => readdirSync(join(bundleOf(group), 'node_modules')).includes('@zxcvbn-ts');
    expect(GROUPS.filter(judge)).toEqual(['auth']);
    expect(readFileSync(join(bundleOf('auth'), 'index.js'), 'utf8')).not.toContain('1q2w3e4r5t6y');
  });

  test('is loaded on demand, and knows common passwords', () => {
    const script = `
      const bundle = require('node:module').createRequire(process.argv[1]);
      bundle(process.argv[1]);
      const isLoaded = Object.keys(require.cache).some((file) => file.includes('@zxcvbn-ts'));
      const { ZxcvbnFactory } = bundle('@zxcvbn-ts/core');
      const { dictionary } = bundle('@zxcvbn-ts/language-common');
      const { score } = new ZxcvbnFactory({ dictionary }).check('Password123!');
      console.log(JSON.stringify({ isLoaded, score }));`;
    const bundle = join(bundleOf('auth'), 'index.js');
    const out = execFileSync(process.execPath, ['-e', script, bundle], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual({ isLoaded: false, score: 1 });
  });
});
