import { type CampaignTally, runCampaign } from './campaign.ts';
import type { WorkerMessage, WorkerOptions } from './side-by-side.ts';

/** One campaign in a process of its own: its options are the first argument, what it tells goes to its parent. */
const options = JSON.parse(process.argv[2] ?? '') as WorkerOptions;
process.env.LOG_LEVEL = 'silent';

// It ends between two runs, and closes its database: also when its parent is gone.
const ending = new AbortController();
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, () => ending.abort());

const tell = (message: WorkerMessage) => process.connected && process.send?.(message);
const onProgress = (tally: CampaignTally) => tell({ kind: 'progress', tally });

try {
  tell({ kind: 'done', tally: await runCampaign({ ...options, onProgress, signal: ending.signal }) });
} catch (error) {
  process.exitCode = 1;
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
// What a failure left open would keep it alive.
process.exit();
