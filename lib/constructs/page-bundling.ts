import { join } from 'node:path';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Builds the page into a function's package, as `npm run build:web` does. A deployment therefore never uploads an
 * outdated build.
 *
 * @param folder - the target, relative to the package
 */
export function pageBundling(folder: string): BundlingOptions {
  return {
    // A test or a shell may set NODE_ENV, and Vite would then build for development.
    environment: { npm_config_loglevel: 'error', NODE_ENV: 'production' },
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (inputDir, outputDir) => [
        [
          `"${join(inputDir, 'node_modules/.bin/vite')}" build "${join(inputDir, 'web')}"`,
          `--logLevel error --outDir "${join(outputDir, folder)}"`,
        ].join(' '),
      ],
    },
  };
}
