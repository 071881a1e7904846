import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { Group } from '../../functions/api/core/groups.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

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
 * The client of the SDK that the API needs. It is in a file beside the bundle, which is parsed when the first secret is
 * read: without it the rest is there in three quarters of the time.
 */
const SDK = '@aws-sdk/client-secrets-manager';

/** A group, and where and how often its function runs. */
type ApiFunctionProps = Partial<ServiceFunctionProps> & { readonly group: Group };

/** The function of a group of endpoints, bundled so that it starts fast: somebody waits for it. */
export class ApiFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { group, ...props }: ApiFunctionProps) {
    super(scope, id, {
      entry: `api/${group}.lambda.ts`,
      // Within the 30 seconds that an HTTP API waits for an answer.
      timeout: Duration.seconds(15),
      memorySize: 512,
      // Node would read the source map at every start. The API reads it itself when there is an error to log.
      environment: { NODE_OPTIONS: '' },
      ...props,
      bundling: bundlingOf(FILES[group] ?? []),
    });
  }
}

function bundlingOf(files: readonly string[]): BundlingOptions {
  return {
    // An ES module loads all of Node's own modules that are named anywhere in it, and with node:http all of undici;
    // this way each is loaded when it is needed. docs/adr/0014 has the figures.
    format: OutputFormat.CJS,
    banner: "const __url=require('node:url').pathToFileURL(__filename).href;",
    define: { 'import.meta.url': '__url' },
    externalModules: [SDK, ...OTHER_CREDENTIALS],
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (inputDir, outputDir) => [
        ...files.map((file) => `cp "${join(inputDir, file)}" "${outputDir}"`),
        bundleSdk(inputDir, outputDir),
      ],
    },
  };
}

/** The command that bundles the SDK into a file of its own, where `require` looks for a package of its name. */
function bundleSdk(inputDir: string, outputDir: string): string {
  return [
    `"${join(inputDir, 'node_modules/.bin/esbuild')}" "${join(inputDir, 'lib/constructs/api-sdk.ts')}"`,
    '--bundle --minify --platform=node --target=node24 --format=cjs --main-fields=module,main --log-level=warning',
    ...OTHER_CREDENTIALS.map((name) => `--external:${name}`),
    `"--outfile=${join(outputDir, 'node_modules', SDK, 'index.js')}"`,
  ].join(' ');
}
