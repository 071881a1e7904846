import { setTimeout as wait } from 'node:timers/promises';
import { describeError } from '../terminal/exit.ts';
import type { PostgresCluster } from './postgres-server.ts';

/** A watch over a running server. */
export interface ServerWatch {
  /** Ends the watch; a restart under way ends first. */
  stop(): Promise<void>;
}

const CHECK_MS = 250;
/** After a failed restart. */
const RETRY_MS = 2_000;

/**
 * Starts a server again on its port whenever it ends without having been stopped, so that clients connect again.
 *
 * @param say - receives a line for each end and each restart
 */
export function watchServer(
  cluster: PostgresCluster,
  port: number,
  say: (line: string) => void = () => {},
): ServerWatch {
  const stopping = new AbortController();
  const pause = (ms: number) => wait(ms, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
  const watch = async () => {
    let isDown = false;
    while (!stopping.signal.aborted) {
      await pause(isDown ? RETRY_MS : CHECK_MS);
      if (stopping.signal.aborted || (await cluster.isRunning())) continue;
      if (!isDown) say('Postgres ended unexpectedly. Starting it again…');
      try {
        await cluster.start({ port, owner: true, signal: stopping.signal });
        isDown = false;
        say('Postgres is running again.');
      } catch (error) {
        if (!isDown && !stopping.signal.aborted)
          say(`${describeError(error)}. Trying again every ${RETRY_MS / 1000} s.`);
        isDown = true;
      }
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}
