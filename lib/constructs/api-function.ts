import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { ApiFunctionName } from '../../functions/api/core/groups.ts';
import { type ArchitectureName, readArchitecture } from '../settings.ts';
import { BUNDLE } from './code-cache.ts';
import { copyOnnxruntime, ONNXRUNTIME } from './onnxruntime.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

/** Text files that a function's code reads from its own folder. */
const FILES: Partial<Record<ApiFunctionName, readonly string[]>> = {
  auth: ['functions/api/auth/common-passwords.txt'],
  account: ['functions/api/account/consent.md'],
};

/**
 * Credential providers that a Lambda function never uses: its credentials come from the environment. The SDK imports
 * them lazily, so the bundle, of which they are a fifth, can leave them out.
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
 * The only SDK client of the API. It is a separate file that Node parses when the function reads its first secret.
 * Without it, a cold start takes three quarters of the time.
 */
const SDK = '@aws-sdk/client-secrets-manager';

/**
 * The judge of new passwords and its lists, which are larger than the rest of the bundle. They are separate files that
 * Node parses when somebody sets a password.
 */
const PASSWORD_JUDGE = ['@zxcvbn-ts/core', '@zxcvbn-ts/language-common'];

/** This machine's processor, as settings name it. */
export const OWN_ARCHITECTURE = process.arch === 'x64' ? 'x86_64' : process.arch;

/**
 * The flag with which Lambda starts Node and that changes the code that V8 compiles. Without threads of its own and with
 * a fixed seed, V8 compiles the same functions every time, so that a deployment without changes updates no function.
 */
const CACHE_FLAGS = '--expose-gc --predictable --random-seed=1';

/** Defines a module's URL, which CommonJS does not have. */
const BANNER = "const __url=require('node:url').pathToFileURL(__filename).href;";

/** The name, and any function property to override. */
type ApiFunctionProps = Partial<ServiceFunctionProps> & { readonly name: ApiFunctionName };

/** A function that handles requests, bundled for a fast cold start. */
export class ApiFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, { name, ...props }: ApiFunctionProps) {
    const architecture = readArchitecture(scope.node);
    super(scope, id, {
      entry: `api/${name}.lambda.ts`,
      // An HTTP API waits at most 30 seconds for its integration.
      timeout: Duration.seconds(15),
      memorySize: 512,
      // Node would read the source map at every start. The API reads it only when it logs an error.
      environment: { NODE_OPTIONS: '' },
      ...props,
      bundling: bundlingOf({
        files: FILES[name] ?? [],
        apart: name === 'auth' ? PASSWORD_JUDGE : [],
        ...(props.onnxruntime && { onnxruntime: architecture }),
        cachesCode: architecture === OWN_ARCHITECTURE,
      }),
    });
  }
}

interface Bundle {
  /** Text files to copy next to the bundle. */
  files: readonly string[];
  /** Libraries in files of their own. */
  apart: readonly string[];
  /** Includes the native library that runs models, for this processor. */
  onnxruntime?: ArchitectureName;
  /** Adds the code that V8 compiles from the bundle. It serves only the processor that compiled it. */
  cachesCode: boolean;
}

function bundlingOf({ files, apart, onnxruntime, cachesCode }: Bundle): BundlingOptions {
  return {
    // An ES module loads every built-in module that it imports anywhere, and node:http loads all of undici. CommonJS
    // loads each when the code needs it. docs/adr/0014 has the figures.
    format: OutputFormat.CJS,
    banner: BANNER,
    define: { 'import.meta.url': '__url' },
    externalModules: [SDK, ...OTHER_CREDENTIALS, ...apart, ...(onnxruntime ? [ONNXRUNTIME] : [])],
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (inputDir, outputDir) => [
        ...files.map((file) => `cp "${join(inputDir, file)}" "${outputDir}"`),
        bundleApart(inputDir, outputDir, SDK, 'lib/constructs/api-sdk.ts'),
        ...apart.map((name) => bundleApart(inputDir, outputDir, name, `node_modules/${name}/dist/index.mjs`)),
        ...(onnxruntime ? [copyOnnxruntime(inputDir, outputDir, onnxruntime)] : []),
        ...(cachesCode ? cacheCode(inputDir, outputDir) : []),
      ],
    },
  };
}

/** The command that bundles a library into a separate file, where `require` finds a package of its name. */
function bundleApart(inputDir: string, outputDir: string, name: string, entry: string): string {
  const externals = OTHER_CREDENTIALS.map((external) => `--external:${external}`).join(' ');
  return `${esbuild(inputDir, entry, join(outputDir, 'node_modules', name, 'index.js'))} ${externals}`;
}

/**
 * The commands that put a starter in the bundle's place, which reads the bundle's code cache. Node's own compile cache,
 * once filled, would change what V8 compiles.
 */
function cacheCode(inputDir: string, outputDir: string): string[] {
  const bundle = join(outputDir, BUNDLE);
  const entry = join(outputDir, 'index.js');
  const writer = join(inputDir, 'lib/constructs/write-code-cache.ts');
  return [
    `mv "${entry}" "${bundle}" && mv "${entry}.map" "${bundle}.map"`,
    `LOG_LEVEL=silent NODE_DISABLE_COMPILE_CACHE=1 "${process.execPath}" ${CACHE_FLAGS} "${writer}" "${outputDir}"`,
    `${esbuild(inputDir, 'lib/constructs/api-start.ts', entry)} "--banner:js=${BANNER}" --define:import.meta.url=__url`,
  ];
}

/** The command that bundles an entry point as the bundle of a function. */
function esbuild(inputDir: string, entry: string, outfile: string): string {
  return [
    `"${join(inputDir, 'node_modules/.bin/esbuild')}" "${join(inputDir, entry)}" "--outfile=${outfile}"`,
    '--bundle --minify --platform=node --target=node24 --format=cjs --main-fields=module,main --log-level=warning',
  ].join(' ');
}
