import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { untilAborted } from '../installation/until-aborted.ts';

const COMMAND = fileURLToPath(new URL('../commands/retrain.ts', import.meta.url));

/**
 * Retrains an installation's database with `npm run retrain` in a process of its own. That process and the trainer run
 * with the lowest priority, so that a service on the same machine keeps answering.
 *
 * @param args - options of the command
 * @param signal - stops the process and the trainer
 * @returns the line that says which version was registered, and whether it was promoted
 * @throws BoursomaticError (`retraining`) with the reason of a retraining that failed
 */
export async function retrainApart(args: readonly string[], signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  // A group of its own, so that the trainer can be stopped with it.
  const child = spawn(process.execPath, [COMMAND, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', error: '' };
  createInterface(child.stdout).on('line', (line) => {
    said.out = line;
  });
  createInterface(child.stderr).on('line', (line) => {
    said.error = line;
  });
  const { pid } = child;
  if (pid !== undefined) lowerPriority(pid);
  try {
    const [code] = await untilAborted(signal, once(child, 'close'));
    if (code === 0) return said.out;
    const reason = said.error.replace(/^boursomatic: /, '');
    throw new BoursomaticError('retraining', reason || `the process ended with exit code ${code}`);
  } finally {
    if (pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-pid);
  }
}

/** Children inherit the priority of the process that starts them. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // The process has ended already; its exit code says why.
  }
}
