import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Outputs of the stacks, by stack and name. */
export type Outputs = Record<string, Record<string, string>>;

/** The plain CDK command line, pointed at an emulator by nothing but its environment. */
export class Cdk {
  readonly #environment: Record<string, string | undefined>;
  readonly #context: string[];
  readonly #folder: string;

  /**
   * @param url - the emulator's
   * @param context - what `-c` says
   * @param folder - for what is synthesised, and the outputs
   */
  constructor(url: string, context: Record<string, string>, folder: string) {
    this.#environment = { ...process.env, ...emulatorEnvironment(url) };
    this.#context = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    this.#folder = folder;
  }

  /** Puts the CDK's own stack into the account, which deployments upload to. */
  async bootstrap(): Promise<void> {
    await this.#run('bootstrap', 'aws://000000000000/us-east-1');
  }

  /**
   * Deploys every stack.
   *
   * @returns their outputs, and what the command line said
   */
  async deploy(): Promise<{ outputs: Outputs; said: string }> {
    const file = join(this.#folder, 'outputs.json');
    const said = await this.#run(
      'deploy',
      '--all',
      '--require-approval=never',
      '--method=direct',
      '--progress=events',
      `--outputs-file=${file}`,
    );
    return { outputs: JSON.parse(await readFile(file, 'utf8')), said };
  }

  async destroy(): Promise<void> {
    await this.#run('destroy', '--all', '--force');
  }

  async #run(...args: string[]): Promise<string> {
    const child = spawn(
      'cdk',
      [...args, ...this.#context, '--output', join(this.#folder, 'cdk.out'), '--ci'],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: this.#environment,
      },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk;
      });
    }
    const code = await new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', done);
    });
    if (code !== 0) {
      const tail = said.trimEnd().split('\n').slice(-25).join('\n');
      throw new BoursomaticError('cdk', `cdk ${args[0]} ended with code ${code}:\n${tail}`);
    }
    return said;
  }
}

/** What points the CDK and the SDK at an emulator: two endpoints, and credentials that it takes. */
export function emulatorEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}
