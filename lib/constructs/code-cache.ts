import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

/** The bundle's own code, next to the file that Lambda loads. */
export const BUNDLE = 'bundle.js';

/** What Node puts around a CommonJS module. */
const BEFORE = '(function (exports, require, module, __filename, __dirname) {';
const AFTER = '\n})';

/**
 * The file of a bundle's compiled code. V8 reads such code only in the version that wrote it, so the name holds V8's
 * version, Node's patches included, and the processor.
 */
export const CODE_CACHE = `${process.versions.v8}-${process.arch}.cache`;

/**
 * Compiles a folder's bundle, from its code cache if there is one for this Node. V8 refuses a cache of other flags.
 *
 * @param runsIn - the folder in stack traces, which the code cache contains
 */
export function compileBundle(folder: string, runsIn = folder): Script {
  const cache = join(folder, CODE_CACHE);
  return new Script(`${BEFORE}${readFileSync(join(folder, BUNDLE), 'utf8')}${AFTER}`, {
    filename: join(runsIn, BUNDLE),
    // Positions in stack traces are then those of the bundle, which its source map knows.
    columnOffset: -BEFORE.length,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(existsSync(cache) && { cachedData: readFileSync(cache) }),
  });
}

/** Runs a compiled bundle as a CommonJS module. @returns its exports */
export function runBundle(script: Script, folder: string): Record<string, unknown> {
  const file = join(folder, BUNDLE);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, folder);
  return module.exports;
}
