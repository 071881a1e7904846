/** Runs `npm start` with this process's arguments, and ends standard output with its peak memory in MB. */
import { writeSync } from 'node:fs';

process.on('exit', () => {
  writeSync(1, `${JSON.stringify({ peakMb: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`);
});
await import('../local/commands/start.ts');
