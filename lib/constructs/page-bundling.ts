import { join } from 'node:path';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Builds the page into a function's package, as `npm run build:web` builds it. A deployment brings the page of its own
 * sources: there is no build to forget, and none of yesterday.
 *
 * @param folder - where in the package
 */
export function pageBundling(folder: string): BundlingOptions {
  return {
    // Vite builds for developers where a test or a shell says so.
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
