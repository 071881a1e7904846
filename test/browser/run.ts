import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.ts';

/** Runs the browser tests or, with `--screenshots`, makes the screenshots of the README. */
try {
  findChromium();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const vitest = [here('../../node_modules/vitest/vitest.mjs'), 'run', '--config', here('vitest.config.ts')];
const [first, ...others] = process.argv.slice(2);
const args =
  first === '--screenshots'
    ? [here('screenshots.ts'), ...others]
    : [...vitest, ...(first ? [first] : []), ...others];
const child = spawn(process.execPath, args, { stdio: 'inherit' });
child.once('close', (code) => process.exit(code ?? 1));
