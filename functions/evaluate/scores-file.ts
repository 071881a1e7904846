import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { PredictedDay } from './predictions-file.ts';

const HEADER = 'symbol,date,score,p_sell,p_hold,p_buy';

/**
 * Writes gzipped CSV with a line for each row of the days, with all digits, so that anybody can compute measures of
 * their own. It holds one day in memory.
 *
 * @throws Error if the file cannot be written
 */
export async function writeScores(path: string, days: AsyncIterable<PredictedDay>): Promise<void> {
  const zip = createGzip();
  const file = zip.pipe(createWriteStream(path));
  const written = finished(file);
  // Handled below, after the last day.
  written.catch(() => zip.destroy());
  zip.write(`${HEADER}\n`);
  for await (const { day, symbols, score, probabilities } of days) {
    const lines = symbols.map((symbol, i) => [symbol, day, score[i], probabilities[i]].join(','));
    if (!zip.write(`${lines.join('\n')}\n`)) await Promise.race([once(zip, 'drain'), written]);
  }
  zip.end();
  await written;
}
