import { setTimeout as wait } from 'node:timers/promises';
import { describeError } from '../terminal/exit.ts';
import type { PostgresCluster } from './postgres-server.ts';

/** A watch over a running server. */
export interface ServerWatch {
  /** Ends the watch; a restart under way ends first. */
  stop(): Promise<void>;
}

const CHECK_MS = 250;
/** Once a minute, a reserve that was released is made again if there is room. */
const CHECKS_PER_RESERVE = 240;
/** After a failed restart; doubled after each further one. A start may repeat gigabytes of changes from the log. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

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
    let failures = 0;
    let checks = 0;
    while (!stopping.signal.aborted) {
      const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
      await pause(failures > 0 ? retryMs : CHECK_MS);
      if (stopping.signal.aborted) return;
      try {
        if (await cluster.isRunning()) {
          if (checks++ % CHECKS_PER_RESERVE === 0) await cluster.keepReserve(stopping.signal);
          continue;
        }
        if (failures === 0) say('Postgres ended unexpectedly. Starting it again…');
        await cluster.start({ port, owner: true, signal: stopping.signal, say });
        failures = 0;
        say('Postgres is running again.');
      } catch (error) {
        if (failures === 0 && !stopping.signal.aborted)
          say(`${describeError(error)}. Trying again until it starts.`);
        failures++;
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
