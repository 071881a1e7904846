import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { installPythonPackages } from '../../local/installation/python-venv.ts';

const VENV = fileURLToPath(new URL('../../.cache/cfn-lint', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** Regions whose resource types, instance classes and engine versions the templates must suit. */
const REGIONS = ['us-east-1', 'eu-west-1', 'eu-west-3'];

/** Findings that are accepted in every template. */
const IGNORED = [
  // The CDK states dependencies that references imply already.
  'W3005',
];

/**
 * Runs cfn-lint on every template in a folder, with warnings. It first installs cfn-lint from PyPI if necessary.
 *
 * @returns one line for each finding
 */
export async function lintTemplates(folder: string): Promise<string[]> {
  installPythonPackages(VENV, REQUIREMENTS);
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  const processes = Math.min(2, availableParallelism());
  const shares = Array.from({ length: processes }, (_, share) =>
    files.filter((__, index) => index % processes === share),
  );
  return (await Promise.all(shares.filter((share) => share.length > 0).map(lint))).flat();
}

async function lint(files: readonly string[]): Promise<string[]> {
  const options = ['--format', 'parseable', '--regions', ...REGIONS, '--ignore-checks', ...IGNORED];
  const child = spawn(join(VENV, 'bin/cfn-lint'), [...options, '--', ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  const code = child.exitCode ?? (await new Promise((done) => child.once('exit', done)));
  const lines = output.split('\n').filter((line) => line !== '');
  if (code !== 0 && lines.length === 0)
    throw new BoursomaticError('cfn_lint', `cfn-lint ended with exit code ${code} and no finding`);
  return lines;
}
