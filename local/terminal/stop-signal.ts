import { BoursomaticError } from '../../functions/shared/errors.ts';

/** How often the process looks whether its npm is still there. */
const PARENT_MS = 500;

/**
 * Aborts when the process is told to stop: by Ctrl-C, SIGTERM or SIGHUP, or by the end of the npm that started it.
 * The process must then end in time by itself: signals no longer end it.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = () =>
    stopping.abort(new BoursomaticError('stopped', 'stopped before the run ended; start again to continue'));
  // Not once: npm passes on a Ctrl-C that the terminal has already sent, and the second must not kill the process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === 'start') {
    setInterval(() => {
      if (process.ppid !== parent) stop();
    }, PARENT_MS).unref();
  }
  return stopping.signal;
}
