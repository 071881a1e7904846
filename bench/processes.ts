import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Sql } from '../functions/shared/database.ts';

/** Whether this machine can pin processes to a core. */
export const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Pins this process, and the processes that it starts later, to a core. */
export function pinSelf(core: number): void {
  if (CAN_PIN) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}

/** A running server of bench/. */
export interface Server {
  url: string;
  /** Processor time used so far, in milliseconds; undefined if the system does not report it. */
  processorTime(): number | undefined;
  /** Resident memory in bytes; undefined if the system does not report it. */
  memory(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts a server of bench/ on a core of its own, and waits until it prints its URL.
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
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)]);
  if (!first) throw new Error(`${program} ended before it printed its URL`);
  return {
    url: String(first[0]),
    processorTime: () => (child.pid === undefined ? undefined : processorTime(child.pid)),
    memory: () => (child.pid === undefined ? undefined : residentMemory(child.pid)),
    stop: async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Linux counts processor time in ticks, 100 a second on every platform that Node supports. */
const TICKS = 100;

function processorTime(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** The fields of a process's status after its name, which may contain spaces: state, parent, … */
function statOf(pid: number | string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

function residentMemory(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/**
 * Processor time that a Postgres server on this machine has used since its start, in milliseconds: that of its processes
 * and of those that have ended. 0 if the system does not report it.
 */
export async function serverProcessorTime(sql: Sql): Promise<number> {
  const [backend] = await sql<[{ pid: number }]>`SELECT pg_backend_pid() AS pid`;
  const parent = statOf(backend.pid)?.[1];
  if (parent === undefined) return 0;
  const ended = statOf(parent) ?? [];
  const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && statOf(pid)?.[1] === parent);
  const running = [parent, ...children].map((pid) => processorTime(Number(pid)) ?? 0);
  // Fields 16 and 17 are the times of children that have ended.
  const past = ((Number(ended[13]) + Number(ended[14])) * 1000) / TICKS;
  return running.reduce((sum, time) => sum + time, past);
}

/**
 * Runs a program of bench/ on a core of its own, and parses the JSON that it prints.
 *
 * @throws Error if it fails
 */
export async function runBenchProgram<T>(program: string, args: string[], core: number): Promise<T> {
  const child = start(program, args, core, {});
  let text = '';
  child.stdout.on('data', (chunk) => {
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
): ChildProcessByStdio<null, Readable, null> {
  const script = [fileURLToPath(new URL(program, import.meta.url)), ...args];
  const [file, rest] = CAN_PIN
    ? (['taskset', ['-c', String(core), process.execPath, ...script]] as const)
    : ([process.execPath, script] as const);
  const env = { ...process.env, LOG_LEVEL: 'silent', NODE_ENV: 'production', ...environment };
  return spawn(file, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
}
