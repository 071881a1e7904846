import {
  type BundlingOptions,
  type ICommandHooks,
  LogLevel,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ArchitectureName } from '../settings.ts';
import { copyOnnxruntime, ONNXRUNTIME } from './onnxruntime.ts';

/** What goes into a function's package beside its bundle. */
export interface PackageContents {
  /** The native library that runs models, for this processor alone. */
  readonly onnxruntime: boolean;
  readonly architecture: ArchitectureName;
  /** Files and folders of the project, copied under the names that they have there. */
  readonly files: readonly string[];
}

/** One minified ES module that carries its own SDK, and what is copied beside it. */
export function bundlingDefaults(contents: PackageContents): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    mainFields: ['module', 'main'],
    // Packages that are still CommonJS require Node's own modules, and an ES module has no require.
    banner: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    minify: true,
    // The state machine retries errors by name, so a name must survive minifying.
    keepNames: true,
    sourceMap: true,
    sourcesContent: false,
    // Empty of @aws-sdk: the SDK that was tested is the one that runs.
    externalModules: contents.onnxruntime ? [ONNXRUNTIME] : [],
    logLevel: LogLevel.WARNING,
    // npx runs esbuild, and repeats npm's own warnings before every function.
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
      // cp has no portable way to keep the folders of what it copies.
      ...(files.length > 0
        ? [`cd "${inputDir}" && tar -cf - ${files.join(' ')} | tar -xf - -C "${outputDir}"`]
        : []),
    ],
  };
}
