/** Runs `npm start` with this process's arguments, and ends standard output with its peak memory in MB. */
import { writeSync } from 'node:fs';
import { peakMb } from '../test/support/peak-memory.ts';

process.on('exit', () => {
  writeSync(1, `${JSON.stringify({ peakMb: peakMb() })}\n`);
});
await import('../local/commands/start.ts');
