import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Transaction } from '../functions/shared/database.ts';

const CHUNK_CHARACTERS = 1 << 18;

/**
 * The limit that loading is compared with: one COPY in the text format with its lines in memory.
 *
 * @param table - the table and its columns
 * @param lines - rows without their newline
 */
export async function copyText(tx: Transaction, table: string, lines: Iterable<string>): Promise<void> {
  const stream = await tx.unsafe(`COPY ${table} FROM STDIN`).writable();
  const done = finished(stream);
  done.catch(() => {});
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done]);
    chunk = '';
  }
  stream.end(chunk);
  await done;
}
