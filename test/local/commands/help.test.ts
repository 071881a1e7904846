import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DATA_HELP } from '../../../local/installation/chosen-data.ts';
import { runCommand } from './command-support.ts';

const PACKAGE = fileURLToPath(new URL('../../../package.json', import.meta.url));
const { scripts } = JSON.parse(await readFile(PACKAGE, 'utf8')) as { scripts: Record<string, string> };
const files = Object.values(scripts).flatMap(
  (script) => /node local\/commands\/(\S+)/.exec(script)?.[1] ?? [],
);
const commands = [...new Set(files), '../../bench/run.ts'];

test.each(commands)('%s prints its usage for --help and exits 0', async (file) => {
  const { code, out, error } = await runCommand(file, ['--help']);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toMatch(/^Usage: npm (run|start)/);
  expect(out).toContain('--help ');
  // Commands that act on an installation choose its data with the same options.
  expect(out.includes('--database ')).toBe(out.includes(DATA_HELP));
});

test.each(commands)('%s rejects an unknown option with one line and exits 2', async (file) => {
  expect(await runCommand(file, ['--unknown'])).toEqual({
    code: 2,
    out: '',
    error: expect.stringMatching(
      /^boursomatic: Unknown option '--unknown'[^\n]*\(--help lists the options\)\n$/,
    ),
  });
});
