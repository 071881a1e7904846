import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileBundle, runBundle } from './code-cache.ts';

const folder = dirname(fileURLToPath(import.meta.url));

/** Starts the bundle next to this file. {@link ApiFunction} bundles this file as the function's entry point. */
export const { handler } = runBundle(compileBundle(folder), folder);
