import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = new URL('peak-memory.ts', import.meta.url).href;
const child = `const { peakMb } = await import(${JSON.stringify(MODULE)}); console.log(peakMb());`;
// A process of 500 MB that starts a small one.
const parent = `
  import { execFileSync } from 'node:child_process';
  const held = Buffer.alloc(500_000_000, 1);
  process.stdout.write(execFileSync(process.execPath, ['--input-type=module', '--eval', process.argv[1]]));
  process.exit(held[0] === 1 ? 0 : 1);`;

test("counts a process's own memory, without that of its parent", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    parent,
    child,
  ]);
  expect(Number(stdout)).toBeGreaterThan(30);
  expect(Number(stdout)).toBeLessThan(250);
});
