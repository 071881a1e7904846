import { setTimeout as wait } from 'node:timers/promises';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { processMark, readProcess } from './process-mark.ts';

/** How often the process checks that its npm is still running. */
const NPM_MS = 500;

/**
 * Aborts when the process is told to stop: by Ctrl-C, SIGTERM or SIGHUP, or by the end of the npm that started it.
 * The process must then end in time, because signals no longer end it.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = () =>
    stopping.abort(new BoursomaticError('stopped', 'stopped before the run ended; start again to continue'));
  // Not once: npm passes on a Ctrl-C that the terminal has already sent, and the second must not kill the process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.env.npm_lifecycle_event === 'start') void untilNpmEnds().then(stop);
  return stopping.signal;
}

async function untilNpmEnds(): Promise<void> {
  const npm = await npmPid();
  const mark = await processMark(npm);
  // npm may have been killed while this process was loading; its children then belong to another program.
  if (!/npm|yarn|bun|node/.test((await readProcess(npm))?.command ?? '')) return;
  do await wait(NPM_MS, undefined, { ref: false });
  while ((await processMark(npm)) === mark);
}

/** The pid of npm: the parent, or its parent where the shell that npm runs stays in between. */
async function npmPid(): Promise<number> {
  const parent = await readProcess(process.ppid);
  return parent && /^\S*sh -c /.test(parent.command) ? parent.parent : process.ppid;
}
