import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the processes of a campaign need to know. */
export interface ProcessOptions {
  /** `file:` URLs of the secrets of their database role and of the keys. */
  databaseSecret: string;
  signingKeysUrl: string;
  model: string;
  instruments: string[];
  /** When the campaign began, in milliseconds since the epoch. */
  began: number;
}

/** How much faster than the real one the clock of the deliveries is, so that a retry does not take a minute. */
const SPEED = 30;

/** The clock of the deliveries of a campaign. */
export function fastClock(began: number): Date {
  return new Date(began + (Date.now() - began) * SPEED);
}

/** A process that can be killed. */
export interface Killable {
  /** Kills it, and waits until it has ended. */
  kill(): Promise<void>;
  /** The end of a process that nobody killed, with its output. */
  failure: () => string | undefined;
}

/** Starts a program of this folder, and waits until it works. */
export async function startProcess(program: string, options: ProcessOptions): Promise<Killable> {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL(program, import.meta.url)), JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, LOG_LEVEL: 'silent' } },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'exit');
  let wasKilled = false;
  let failure: string | undefined;
  child.once('exit', (code, signal) => {
    if (!wasKilled) failure = `${program} ended with ${signal ?? code}: ${output}`;
  });
  await Promise.race([once(child, 'message'), ended]);
  return {
    kill: async () => {
      wasKilled = true;
      child.kill('SIGKILL');
      await ended;
    },
    failure: () => failure,
  };
}

/** The options that {@link startProcess} gave this process. */
export function readOptions(): ProcessOptions {
  return JSON.parse(process.argv[2] ?? '');
}
