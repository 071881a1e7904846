import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Outputs by stack and name. */
export type Outputs = Record<string, Record<string, string>>;

/** The plain CDK command line; environment variables alone point it at an emulator. */
export class Cdk {
  readonly #environment: Record<string, string | undefined>;
  /** The settings, as options of the CDK and of the preflight. */
  readonly context: string[];
  readonly #folder: string;
  readonly #stacks: string[];

  /**
   * @param url - the address of the emulator
   * @param context - values for `-c`
   * @param folder - for the cloud assembly and the outputs
   * @param stacks - the stacks to deploy, with those that they need, or `--all`
   */
  constructor(url: string, context: Record<string, string>, folder: string, stacks: string[]) {
    this.#environment = { ...process.env, ...emulatorEnvironment(url) };
    this.context = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    this.#folder = folder;
    this.#stacks = stacks;
  }

  /** Creates the CDK's own stack, to which deployments upload. */
  async bootstrap(): Promise<void> {
    await this.#run('bootstrap', 'aws://000000000000/us-east-1');
  }

  /**
   * Deploys the stacks.
   *
   * @returns the outputs of the stacks, and the log of the command
   */
  async deploy(): Promise<{ outputs: Outputs; log: string }> {
    const file = join(this.#folder, 'outputs.json');
    const log = await this.#run(
      'deploy',
      ...this.#stacks,
      '--require-approval=never',
      '--method=direct',
      '--progress=events',
      `--outputs-file=${file}`,
    );
    return { outputs: JSON.parse(await readFile(file, 'utf8')), log };
  }

  async destroy(): Promise<void> {
    await this.#run('destroy', '--all', '--force');
  }

  async #run(...args: string[]): Promise<string> {
    const child = spawn(
      'cdk',
      [...args, ...this.context, '--output', join(this.#folder, 'cdk.out'), '--ci'],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: this.#environment,
      },
    );
    let log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk;
      });
    }
    const code = await new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', done);
    });
    if (code !== 0) {
      const tail = log.trimEnd().split('\n').slice(-25).join('\n');
      throw new BoursomaticError('cdk', `cdk ${args[0]} failed with exit code ${code}:\n${tail}`);
    }
    return log;
  }
}

/** Environment variables that point the CDK and the SDK at an emulator. */
export function emulatorEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}
