import { openProvider } from '../../functions/ingest/providers/open.ts';
import { hasListings } from '../../functions/ingest/providers/provider.ts';
import { toDay } from '../../functions/shared/days.ts';

/**
 * The day of the oldest bar of the configured file. A backfill without a first day reaches back a few years only.
 *
 * @param asOf - the last day of the file; also the result if no listing has a bar
 */
export async function firstBarDay(asOf: string): Promise<string> {
  const provider = await openProvider(process.env);
  let first = Date.parse(asOf);
  for (const { symbol } of hasListings(provider) ? provider.listings() : []) {
    // The table has no partitions before 1900.
    const request = { symbol, interval: 'daily', from: '1900-01-01', to: asOf } as const;
    const { bars } = await provider.fetchBars(request).catch(() => ({ bars: [] }));
    const [bar] = bars;
    if (bar) first = Math.min(first, bar.ts);
  }
  return toDay(first);
}
