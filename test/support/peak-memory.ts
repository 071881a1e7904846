import { readFileSync } from 'node:fs';
import { defined } from '../../functions/shared/invariant.ts';

/**
 * The most memory that this process has held, in MB. On Linux, `maxRSS` of a process begins with the memory of its
 * parent, so the kernel's mark of the process's own memory is read there.
 */
export function peakMb(): number {
  if (process.platform !== 'linux') return Math.round(process.resourceUsage().maxRSS / 1024);
  const [, kilobytes] = defined(
    /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? undefined,
    'VmHWM of this process',
  );
  return Math.round(Number(kilobytes) / 1024);
}
