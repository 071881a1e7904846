import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Whether processes can be kept to a core of their own here. */
export const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Keeps this process, and what it starts from now on, to a core. */
export function pinSelf(core: number): void {
  if (CAN_PIN) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}

/** A program of bench/ that serves. */
export interface Server {
  url: string;
  /** Processor time that it has used, in milliseconds; undefined where the system does not tell. */
  processorTime(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts a program of bench/ that prints its URL, on a core of its own.
 *
 * @throws Error if it ends before
 */
export async function startServer(
  program: string,
  {
    core,
    args = [],
    environment = {},
  }: { core: number; args?: string[]; environment?: Record<string, string> },
): Promise<Server> {
  const child = start(program, args, core, environment);
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)]);
  if (!first) throw new Error(`${program} ended before it served`);
  return {
    url: String(first[0]),
    processorTime: () => processorTime(child.pid ?? 0),
    stop: async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Ticks a second in which Linux counts processor time, everywhere that Node runs. */
const TICKS = 100;

function processorTime(pid: number): number | undefined {
  try {
    // After the program's name, which may hold anything: fields 14 and 15 are the time in it and in the kernel for it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
  } catch {
    return undefined;
  }
}

/**
 * Runs a program of bench/ that prints one JSON value, on a core of its own.
 *
 * @throws Error if it fails
 */
export async function runProgram<T>(program: string, args: string[], core: number): Promise<T> {
  const child = start(program, args, core, {});
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} failed`);
  return JSON.parse(text) as T;
}

function start(
  program: string,
  args: string[],
  core: number,
  environment: Record<string, string>,
): ChildProcess {
  const command = [process.execPath, fileURLToPath(new URL(program, import.meta.url)), ...args];
  const [file = '', ...rest] = CAN_PIN ? ['taskset', '-c', String(core), ...command] : command;
  const env = { ...process.env, LOG_LEVEL: 'silent', NODE_ENV: 'production', ...environment };
  return spawn(file, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
}
