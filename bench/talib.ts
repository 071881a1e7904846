import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { uv } from '../local/installation/uv.ts';

const TRAINING = fileURLToPath(new URL('../training/', import.meta.url));

/** TA-Lib in a Python process. */
export interface TaLib {
  /** Seconds of processor time for the five shared indicators, or for the whole set, of all series. */
  seconds(work: 'five' | 'all'): Promise<number>;
  stop(): void;
}

/**
 * Starts a Python process with TA-Lib, from the environment of the trainer.
 *
 * @param file - JSON: a list of series, each with lists of o, h, l, c and v
 * @returns undefined without python3
 * @throws Error if the environment cannot be made, or if the process ends
 */
export async function startTaLib(file: string): Promise<TaLib | undefined> {
  if (spawnSync('python3', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  const args = ['run', '--frozen', '--no-dev', '--group', 'bench', 'python', 'bench/indicators.py', file];
  const child = spawn(uv(), args, {
    cwd: TRAINING,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, UV_PYTHON_DOWNLOADS: 'never' },
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the Python process with TA-Lib ended');
  });
  ended.catch(() => {});
  return {
    seconds: async (work) => {
      child.stdin.write(`${work}\n`);
      const [line] = await Promise.race([once(lines, 'line'), ended]);
      return Number(line);
    },
    stop: () => child.stdin.end(),
  };
}
