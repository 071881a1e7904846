import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { Group } from '../../functions/api/groups.ts';
import { ServiceFunction, type VpcPlacement } from './service-function.ts';

/** Texts that a group's code reads from beside itself. */
const FILES: Partial<Record<Group, readonly string[]>> = {
  auth: ['functions/api/auth/common-passwords.txt'],
  account: ['functions/api/account/consent.md'],
};

/**
 * Ways to credentials that a function never goes: its own come from the environment. The SDK loads them only when
 * they are needed, so they can be left out; they are a fifth of the bundle.
 */
const OTHER_CREDENTIALS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/**
 * The clients of the SDK. They are in a file beside the bundle, which is parsed when the first of them is needed:
 * without them the rest is there in three quarters of the time.
 */
const [SDK, ...MORE_OF_SDK] = ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-sfn'] as const;

/** The function of a group of endpoints, bundled so that it starts fast: somebody waits for it. */
export class ApiFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { group, ...placement }: VpcPlacement & { group: Group }) {
    super(scope, id, {
      entry: `api/${group}.lambda.ts`,
      // Within the 30 seconds that an HTTP API waits for an answer.
      timeout: Duration.seconds(15),
      memorySize: 512,
      // Node would read the source map at every start. The API reads it itself when there is an error to log.
      environment: { NODE_OPTIONS: '' },
      ...placement,
      bundling: bundlingOf(FILES[group] ?? [], group === 'admin' ? 'admin-sdk.ts' : 'api-sdk.ts'),
    });
  }
}

function bundlingOf(files: readonly string[], sdk: string): BundlingOptions {
  return {
    // An ES module loads all of Node's own modules that are named anywhere in it, and with node:http all of undici;
    // this way each is loaded when it is needed. docs/adr/0014 has the figures.
    format: OutputFormat.CJS,
    banner: "const __url=require('node:url').pathToFileURL(__filename).href;",
    define: { 'import.meta.url': '__url' },
    externalModules: [SDK, ...MORE_OF_SDK, ...OTHER_CREDENTIALS],
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (inputDir, outputDir) => [
        ...files.map((file) => `cp "${join(inputDir, file)}" "${outputDir}"`),
        ...bundleSdk(join(inputDir, 'lib/constructs', sdk), inputDir, outputDir),
      ],
    },
  };
}

/** The commands that bundle the SDK into one file, where `require` looks for packages of its clients' names. */
function bundleSdk(entry: string, inputDir: string, outputDir: string): string[] {
  const fileOf = (name: string) => join(outputDir, 'node_modules', name, 'index.js');
  const bundle = [
    `"${join(inputDir, 'node_modules/.bin/esbuild')}" "${entry}" "--outfile=${fileOf(SDK)}"`,
    '--bundle --minify --platform=node --target=node24 --format=cjs --main-fields=module,main --log-level=warning',
    ...OTHER_CREDENTIALS.map((name) => `--external:${name}`),
  ].join(' ');
  const others = MORE_OF_SDK.map(
    (name) =>
      `mkdir -p "${join(outputDir, 'node_modules', name)}" && echo 'module.exports=require("${SDK}")' > "${fileOf(name)}"`,
  );
  return [bundle, ...others];
}
