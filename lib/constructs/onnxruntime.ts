import { join } from 'node:path';
import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';

/** The package with the native library: never bundled, copied beside the bundle. */
export const ONNXRUNTIME = 'onnxruntime-node';

/** What linux/arm64 needs of the package and of the one it requires at run time; all of it is 288 MB. */
const NEEDED = [
  `${ONNXRUNTIME}/package.json`,
  `${ONNXRUNTIME}/dist`,
  `${ONNXRUNTIME}/bin/napi-v*/linux/arm64`,
  'onnxruntime-common/package.json',
  'onnxruntime-common/dist/cjs',
];

/**
 * Bundling hooks that copy the needed part of onnxruntime-node out of node_modules. Installing it into the
 * bundle would fetch every platform and run its install script, which downloads more.
 */
export const onnxruntimeHooks: ICommandHooks = {
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (inputDir, outputDir) => {
    const from = join(inputDir, 'node_modules');
    const to = join(outputDir, 'node_modules');
    return [
      [
        `mkdir -p "${to}"`,
        `cd "${from}"`,
        // cp has no portable way to keep the folders of what it copies.
        `tar -cf - ${NEEDED.join(' ')} | tar -xf - -C "${to}"`,
      ].join(' && '),
    ];
  },
};
