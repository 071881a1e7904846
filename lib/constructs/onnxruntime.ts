import { join } from 'node:path';
import type { ArchitectureName } from '../settings.ts';

/** The package with the native library. esbuild cannot bundle it, so it is copied next to the bundle. */
export const ONNXRUNTIME = 'onnxruntime-node';

/** The package's folder for each processor. */
const FOLDERS: Record<ArchitectureName, string> = { arm64: 'arm64', x86_64: 'x64' };

/** The files that one processor needs, of this package and of its dependency. The whole package has 288 MB. */
const neededFiles = (architecture: ArchitectureName) => [
  `${ONNXRUNTIME}/package.json`,
  `${ONNXRUNTIME}/dist`,
  `${ONNXRUNTIME}/bin/napi-v*/linux/${FOLDERS[architecture]}`,
  'onnxruntime-common/package.json',
  'onnxruntime-common/dist/cjs',
];

/**
 * The command that copies the needed files of onnxruntime-node from node_modules. An installation into the bundle
 * would fetch every platform and run an install script that downloads more.
 */
export function copyOnnxruntime(inputDir: string, outputDir: string, architecture: ArchitectureName): string {
  const to = join(outputDir, 'node_modules');
  return [
    `mkdir -p "${to}"`,
    `cd "${join(inputDir, 'node_modules')}"`,
    // cp has no portable option that keeps the parent folders.
    `tar -cf - ${neededFiles(architecture).join(' ')} | tar -xf - -C "${to}"`,
  ].join(' && ');
}
