import {
  type BundlingOptions,
  type ICommandHooks,
  LogLevel,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ArchitectureName } from '../settings.ts';
import { copyOnnxruntime, ONNXRUNTIME } from './onnxruntime.ts';

/** What a function's package holds besides its bundle. */
export interface PackageContents {
  /** Includes the native library that runs models. */
  readonly onnxruntime: boolean;
  /** The only processor to include the native library for. */
  readonly architecture: ArchitectureName;
  /** Includes the clients of providers; without them, a function can read descriptors but open no provider. */
  readonly providerClients: boolean;
  /** Files and folders to copy, as paths from the project's root; they keep these paths. */
  readonly files: readonly string[];
}

/** The modules that descriptors import lazily: the clients of vendors and of bars files, with their libraries. */
const PROVIDER_CLIENTS = '*-provider.ts';

/** What a bundle does not contain. */
export function externalsOf({
  onnxruntime,
  providerClients,
}: Pick<PackageContents, 'onnxruntime' | 'providerClients'>): string[] {
  return [...(onnxruntime ? [ONNXRUNTIME] : []), ...(providerClients ? [] : [PROVIDER_CLIENTS])];
}

/** Bundles one minified ES module with its SDK, and copies the other contents next to it. */
export function bundlingDefaults(contents: PackageContents): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    mainFields: ['module', 'main'],
    // CommonJS packages call require, which an ES module does not have.
    banner: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    minify: true,
    // The state machine retries errors by name, so minifying must keep names.
    keepNames: true,
    sourceMap: true,
    sourcesContent: false,
    // Bundles @aws-sdk too, so that the tested SDK runs and not Lambda's own.
    externalModules: externalsOf(contents),
    logLevel: LogLevel.WARNING,
    // npx starts esbuild, and would repeat npm's warnings for every function.
    environment: { npm_config_loglevel: 'error' },
    commandHooks: copies(contents),
  };
}

function copies({ onnxruntime, architecture, files }: PackageContents): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (inputDir, outputDir) => [
      ...(onnxruntime ? [copyOnnxruntime(inputDir, outputDir, architecture)] : []),
      // cp has no portable option that keeps the parent folders.
      ...(files.length > 0
        ? [`cd "${inputDir}" && tar -cf - ${files.join(' ')} | tar -xf - -C "${outputDir}"`]
        : []),
    ],
  };
}
