import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll } from 'vitest';
import { databaseOfFile } from '../../local/installation/source.ts';
import type { ServiceOptions } from './service-support.ts';

/**
 * Options of a service on the sample's bars as a CSV file, which is deleted after the tests.
 *
 * @param factor - by what the prices of a line are multiplied, which begins with the symbol and the day
 */
export function useBarsFile(factor: (line: string) => number = () => 1): () => Promise<ServiceOptions> {
  let folder: string | undefined;
  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true });
  });
  return async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'boursomatic-bars-')));
    const sample = await readFile(new URL('../../local/sample/stocks.csv.gz', import.meta.url));
    const bars = join(folder, 'bars.csv');
    const [, ...lines] = gunzipSync(sample).toString().trimEnd().split('\n');
    const head = 'symbol,date,open,high,low,close,volume';
    await writeFile(bars, [head, ...lines.map((line) => toCsvLine(line, factor(line))), ''].join('\n'));
    return {
      args: ['--provider', 'csv', '--bars', bars, '--mode', 'backfill'],
      database: await databaseOfFile(bars),
    };
  };
}

/** A line of the sample with adjusted prices. */
function toCsvLine(line: string, factor: number): string {
  const [symbol, day, ...numbers] = line.split(',');
  const [open = 0, high = 0, low = 0, close = 1, volume = 0, adjusted = 1] = numbers.map(Number);
  const prices = [open, high, low, close].map((price) => (price * factor * (adjusted / close)).toFixed(6));
  return [symbol, day, ...prices, volume].join();
}
