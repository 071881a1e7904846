import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defined } from '../../functions/shared/invariant.ts';
import type { CampaignOptions, CampaignTally } from './campaign.ts';
import type { CampaignVendor } from './campaign-vendors.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/** The options of several campaigns. */
export interface SideBySideOptions extends Omit<CampaignOptions, 'vendor'> {
  markets: number;
  /** The vendors of the markets, in turn. */
  vendors: readonly CampaignVendor[];
}

/** The options of a campaign in its own process, and its messages. */
export type WorkerOptions = Omit<CampaignOptions, 'onProgress' | 'signal'>;
export type WorkerMessage =
  | { kind: 'progress'; tally: CampaignTally }
  | { kind: 'done'; tally: CampaignTally }
  | { kind: 'failed'; message: string };

/**
 * Runs a campaign as several smaller ones that share its faults, each with its own market, database, clock and process:
 * a single campaign spends half its time waiting for timeouts. Their seeds count up from the given one, and each speaks
 * the formats of the next vendor.
 *
 * @param onProgress - receives the sum of all counts
 * @throws Error of the first campaign that fails, with the options that repeat it, once the others have stopped
 */
export async function runSideBySide(options: SideBySideOptions): Promise<CampaignTally> {
  const { markets, vendors, onProgress, ...common } = options;
  const tallies: CampaignTally[] = [];
  const workers: ChildProcess[] = [];
  const one = async (index: number) => {
    const vendor = defined(vendors[index % vendors.length], `vendor of market ${index}`);
    const own: WorkerOptions = {
      ...common,
      vendor,
      faults: Math.ceil(options.faults / markets),
      seed: options.seed + index,
    };
    const worker = fork(WORKER, [JSON.stringify(own)]);
    workers.push(worker);
    let failure = 'ended without a message';
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'failed') failure = message.message;
      else {
        tallies[index] = message.tally;
        onProgress?.(sumOf(tallies));
      }
    });
    const [code] = await once(worker, 'exit');
    if (code === 0) return;
    throw new Error(`--markets 1 --vendors ${vendor} --seed ${own.seed} --faults ${own.faults}: ${failure}`);
  };
  try {
    await Promise.all(Array.from({ length: markets }, (_, index) => one(index)));
  } finally {
    await Promise.all(workers.map(end));
  }
  return sumOf(tallies);
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  // The worker closes its database before it exits.
  worker.kill('SIGTERM');
  await once(worker, 'exit');
}

function sumOf(tallies: readonly CampaignTally[]): CampaignTally {
  const sum: CampaignTally = { runs: 0, requests: 0, faults: 0, failures: {}, quarantined: 0 };
  for (const tally of tallies) {
    if (!tally) continue;
    for (const key of ['runs', 'requests', 'faults', 'quarantined'] as const) sum[key] += tally[key];
    for (const [reason, count] of Object.entries(tally.failures)) {
      sum.failures[reason] = (sum.failures[reason] ?? 0) + count;
    }
  }
  return sum;
}
