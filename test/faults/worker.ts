import { defined } from '../../functions/shared/invariant.ts';
import { type CampaignTally, runCampaign } from './campaign.ts';
import type { WorkerMessage, WorkerOptions } from './side-by-side.ts';

/** Runs one campaign in its own process. The first argument has its options; its messages go to the parent. */
const options = JSON.parse(defined(process.argv[2], 'the options')) as WorkerOptions;
process.env.LOG_LEVEL = 'silent';

// Stops between two runs and closes its database, also when the parent is gone.
const ending = new AbortController();
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, () => ending.abort());

const report = (message: WorkerMessage) => process.connected && process.send?.(message);
const onProgress = (tally: CampaignTally) => report({ kind: 'progress', tally });

try {
  report({ kind: 'done', tally: await runCampaign({ ...options, onProgress, signal: ending.signal }) });
} catch (error) {
  process.exitCode = 1;
  report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
// Handles that a failure left open would keep the process alive.
process.exit();
