import { join } from 'node:path';
import type { ArchitectureName } from '../settings.ts';

/** The package with the native library: never bundled, copied beside the bundle. */
export const ONNXRUNTIME = 'onnxruntime-node';

/** How the package names a processor. */
const FOLDERS: Record<ArchitectureName, string> = { arm64: 'arm64', x86_64: 'x64' };

/** What one processor needs of the package and of the one it requires at run time; all of it is 288 MB. */
const needed = (architecture: ArchitectureName) => [
  `${ONNXRUNTIME}/package.json`,
  `${ONNXRUNTIME}/dist`,
  `${ONNXRUNTIME}/bin/napi-v*/linux/${FOLDERS[architecture]}`,
  'onnxruntime-common/package.json',
  'onnxruntime-common/dist/cjs',
];

/**
 * The command that copies the needed part of onnxruntime-node out of node_modules. Installing it into the bundle
 * would fetch every platform and run its install script, which downloads more.
 */
export function copyOnnxruntime(inputDir: string, outputDir: string, architecture: ArchitectureName): string {
  const to = join(outputDir, 'node_modules');
  return [
    `mkdir -p "${to}"`,
    `cd "${join(inputDir, 'node_modules')}"`,
    // cp has no portable way to keep the folders of what it copies.
    `tar -cf - ${needed(architecture).join(' ')} | tar -xf - -C "${to}"`,
  ].join(' && ');
}
