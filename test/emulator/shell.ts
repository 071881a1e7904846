import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { installPythonPackages } from '../../local/installation/python-venv.ts';
import { emulatorEnvironment, ROOT } from './cdk.ts';
import { REQUIREMENTS, VENV } from './ministack.ts';
import type { TestBed } from './test-bed.ts';

/** The longest command is a smoke test, which waits for a run. */
const TIMEOUT_MS = 300_000;

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as an operator types it, with the AWS CLI, in the project's folder and against the emulator. */
export async function typeCommand({ url }: Pick<TestBed, 'url'>, command: string): Promise<Ended> {
  installPythonPackages(VENV, REQUIREMENTS);
  const path = [join(VENV, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  // PyPI has only version 1 of the AWS CLI. It ignores AWS_REGION, and in us-east-1 it replaces the endpoint of RDS.
  const region = { AWS_DEFAULT_REGION: 'eu-west-1' };
  const env = { ...process.env, ...emulatorEnvironment(url), ...region, PATH: path };
  return new Promise((done) => {
    execFile('bash', ['-c', command], { cwd: ROOT, env, timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, stdout, stderr });
    });
  });
}

/** Runs a command that must succeed, and returns its standard output. */
export async function succeed(bed: Pick<TestBed, 'url'>, command: string): Promise<string> {
  const { code, stdout, stderr } = await typeCommand(bed, command);
  if (code !== 0)
    throw new BoursomaticError('emulator', `${command}\nended with exit code ${code}:\n${stdout}${stderr}`);
  return stdout;
}
