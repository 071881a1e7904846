import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../../functions/shared/invariant.ts';
import { CODE_CACHE, compileBundle, runBundle } from './code-cache.ts';

// A program of the build: writes the code cache of the bundle in the named folder. The bundle runs first, so that the
// cache also holds the functions that V8 compiles when they are called. Flags and folder are those of Lambda, so that the
// cache depends on nothing else.
const folder = defined(process.argv[2], 'folder of the bundle');
const script = compileBundle(folder, '/var/task');
runBundle(script, folder);
writeFileSync(join(folder, CODE_CACHE), script.createCachedData());
process.exit(0);
