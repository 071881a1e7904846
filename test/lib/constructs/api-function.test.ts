import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CONSENT_TEXT } from '../../../functions/api/account/consent-text.ts';
import { API_FUNCTIONS, type ApiFunctionName } from '../../../functions/api/core/groups.ts';
import type { ApiRequest } from '../../../functions/api/core/http.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { ApiFunction, OWN_ARCHITECTURE } from '../../../lib/constructs/api-function.ts';
import { BUNDLE, CODE_CACHE } from '../../../lib/constructs/code-cache.ts';
import { NetworkStack } from '../../../lib/stacks/network.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { getRequest } from '../../functions/api/support.ts';
import { newApp, resources } from '../app.ts';

/** Limits of the bundles, in bytes: slightly above their size, so that an added package is noticed. */
const LIMITS: Record<ApiFunctionName, number> = {
  auth: 550_000,
  account: 750_000,
  recommendations: 610_000,
  replay: 630_000,
  market: 625_000,
  admin: 600_000,
  // The SDK of the protocol, with its validator.
  mcp: 1_060_000,
};

const SDK = 'node_modules/@aws-sdk/client-secrets-manager/index.js';

const OTHER_ARCHITECTURE = OWN_ARCHITECTURE === 'arm64' ? 'x86_64' : 'arm64';

let folder: string;
const apps: App[] = [];
let bundles: Partial<Record<ApiFunctionName, string>>;
const bundleOf = (group: ApiFunctionName) => defined(bundles[group], `bundle of ${group}`);
beforeAll(() => {
  bundles = bundle(API_FUNCTIONS, OTHER_ARCHITECTURE);
  folder = mkdtempSync(join(tmpdir(), 'boursomatic-bundle-'));
}, 240_000);
afterAll(() => {
  for (const app of apps) rmSync(app.outdir, { recursive: true });
  rmSync(folder, { recursive: true });
});

/** Bundles groups for a processor. @returns the folder of each bundle */
function bundle(
  groups: readonly ApiFunctionName[],
  architecture: string,
): Partial<Record<ApiFunctionName, string>> {
  const app = newApp({ architecture });
  apps.push(app);
  const stack = new Stack(app, 'stack');
  const { placement } = new NetworkStack(app, 'network', { size: 'small' });
  for (const group of groups)
    new ApiFunction(stack, group, {
      name: group,
      ...placement,
      ...(group === 'replay' && { onnxruntime: true }),
    });
  app.synth();
  const functions = resources(Template.fromStack(stack), 'AWS::Lambda::Function');
  const found = Object.entries(functions).flatMap(([id, { Properties }]) => {
    const { S3Key } = Properties.Code as { S3Key: string };
    const group = groups.find((name) => id.startsWith(name));
    return group ? [[group, join(app.outdir, `asset.${S3Key.replace(/\.zip$/, '')}`)]] : [];
  });
  return Object.fromEntries(found);
}

/** Sends a request to a bundle, in a separate Node process without the project's packages. */
function request(
  group: ApiFunctionName,
  path: string,
  routeKey: string,
  { place = bundleOf(group), flags = [] }: { place?: string; flags?: string[] } = {},
): { statusCode: number; body: string } {
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
  const file = join(place, 'index.js');
  return JSON.parse(
    execFileSync(process.execPath, [...flags, '-e', script, file], { cwd: folder, env, encoding: 'utf8' }),
  );
}

/** A request for which a function opens its services. */
function firstRequestOf(name: ApiFunctionName): ApiRequest {
  const { requestContext, ...request } = getRequest(name === 'mcp' ? '/mcp' : '/v1/health');
  const http = { ...requestContext.http, ...(name === 'mcp' && { method: 'POST' }) };
  return { ...request, requestContext: { ...requestContext, http } };
}

describe.each(API_FUNCTIONS)('the bundle of %s', (group) => {
  test('stays within its limit, SDK included', () => {
    const { size } = statSync(join(bundleOf(group), 'index.js'));
    const sdk = statSync(join(bundleOf(group), SDK));
    expect(size + sdk.size).toBeLessThan(LIMITS[group]);
    expect(sdk.size).toBeGreaterThan(100_000);
  });

  test('loads the SDK when a secret is on AWS', () => {
    const script = `
      require(process.argv[1]).handler(${JSON.stringify(firstRequestOf(group))}, { getRemainingTimeInMillis: () => 9000 })
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

  test('answers a path or a method that it does not have', () => {
    const { statusCode } = request(group, '/v1/nothing', 'ANY /v1/{rest+}');
    expect(statusCode).toBe(group === 'mcp' ? 405 : 404);
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
    const judge = (group: ApiFunctionName) =>
      readdirSync(join(bundleOf(group), 'node_modules')).includes('@zxcvbn-ts');
    expect(API_FUNCTIONS.filter(judge)).toEqual(['auth']);
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

describe('the library that runs models', () => {
  const inNodeModules = (group: ApiFunctionName) => readdirSync(join(bundleOf(group), 'node_modules'));

  test('is in the bundle of replay only, for its processor only', () => {
    expect(API_FUNCTIONS.filter((group) => inNodeModules(group).includes('onnxruntime-node'))).toEqual([
      'replay',
    ]);
    const native = join(bundleOf('replay'), 'node_modules/onnxruntime-node/bin/napi-v6/linux');
    expect(readdirSync(native)).toEqual([OTHER_ARCHITECTURE === 'arm64' ? 'arm64' : 'x64']);
  });

  test('is loaded on demand, and runs the bundled model', () => {
    const own = defined(bundle(['replay'], OWN_ARCHITECTURE).replay, 'bundle');
    const script = `
      const bundle = require('node:module').createRequire(process.argv[1]);
      bundle(process.argv[1]);
      const isLoaded = Object.keys(require.cache).some((file) => file.includes('onnxruntime'));
      bundle('onnxruntime-node').InferenceSession.create(process.argv[2])
        .then(({ inputNames }) => console.log(JSON.stringify({ isLoaded, inputNames })));`;
    const model = fileURLToPath(new URL('score.onnx', BUNDLED_RELEASE));
    const args = ['-e', script, join(own, 'index.js'), model];
    const out = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual({ isLoaded: false, inputNames: ['input'] });
  });
});

describe('the code cache of a bundle', () => {
  /** The flag with which Lambda starts Node. */
  const LAMBDA = '--expose-gc';
  let place: string;
  beforeAll(() => {
    place = defined(bundle(['recommendations'], OWN_ARCHITECTURE).recommendations, 'bundle');
  }, 120_000);

  /** Whether V8 refuses the cache in a process with some flags. */
  const refuses = (flags: readonly string[]) => {
    const script = `
      const { readFileSync } = require('node:fs');
      const { Script } = require('node:vm');
      class Watched extends Script {
        constructor(...given) { super(...given); console.log(this.cachedDataRejected); }
      }
      require('node:vm').Script = Watched;
      require(process.argv[1]);
      process.exit(0);`;
    const args = [...flags, '-e', script, join(place, 'index.js')];
    return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
  };

  test('is read under the flags of Lambda, whatever its memory', () => {
    expect(refuses([LAMBDA, '--max-old-space-size=461', '--max-semi-space-size=25'])).toBe('false');
  });

  test('is refused under other flags, and the function then compiles its bundle', () => {
    expect(refuses([])).toBe('true');
    expect(request('recommendations', '/v1/nothing', 'ANY /v1/{rest+}', { place }).statusCode).toBe(404);
  });

  test('answers as the bundle alone does', () => {
    const answers = [bundleOf('recommendations'), place].map((one) =>
      request('recommendations', '/v1/recommendations', 'GET /v1/recommendations', {
        place: one,
        flags: [LAMBDA],
      }),
    );
    // The endpoint is loaded and the services open; then there is no database.
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([503, 503]);
  });

  test('is the same in every build, so that a deployment without changes updates no function', () => {
    const built = [1, 2].map(() => bundle(['recommendations'], OWN_ARCHITECTURE).recommendations);
    const read = (from: string | undefined) =>
      hash('sha256', readFileSync(join(defined(from, 'bundle'), CODE_CACHE)));
    const hashes = [place, ...built].map(read);
    expect(new Set(hashes).size).toBe(1);
  }, 120_000);

  test('is only in the bundles for the processor that builds them', () => {
    expect(readdirSync(bundleOf('recommendations'))).not.toContain(CODE_CACHE);
    expect(readdirSync(bundleOf('recommendations'))).not.toContain(BUNDLE);
  });
});
