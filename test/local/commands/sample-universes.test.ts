import { expect, test } from 'vitest';
import { refused, runCommand } from './command-support.ts';

test.each([
  [[], 'sample:universes needs --bars FILE'],
  [['--bars', '/none/bars.csv'], '/none/bars.csv: no such file or folder'],
])('refuses the arguments %j', async (args, message) => {
  expect(await runCommand('sample-universes.ts', args)).toEqual(refused(message));
});
