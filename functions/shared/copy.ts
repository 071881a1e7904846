import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Transaction } from './database.ts';

const CHUNK_CHARACTERS = 1 << 18;

/**
 * Streams lines into a COPY, which loads bulk data several times faster than inserts.
 *
 * @param table - the table and its columns, never user input: `stage (a, b)`
 * @param lines - rows in COPY's text format without the newline: tab-separated, `\N` for null
 * @throws the server's error if it refuses the lines, or the error of the iterable
 */
export async function copyLines(tx: Transaction, table: string, lines: Iterable<string>): Promise<void> {
  const query = tx.unsafe(`COPY ${table} FROM STDIN`);
  const refused = refusalOf(query);
  const stream = await query.writable();
  const done = Promise.race([finished(stream), refused]);
  // A refusal may arrive while lines are still being made. The next await throws it.
  done.catch(() => {});
  let chunk = '';
  try {
    for (const line of lines) {
      chunk += `${line}\n`;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done]);
      chunk = '';
    }
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  stream.end(chunk);
  await done;
}

/**
 * Rejects when the server refuses the copied lines. The client resolves the query when the COPY begins; a failure at
 * its end reaches only the query, and the stream would wait forever (porsager/postgres issue 1173).
 */
function refusalOf(query: object): Promise<never> {
  const client = query as { reject: (error: unknown) => void };
  const reject = client.reject;
  const refused = new Promise<never>((_, refuse) => {
    client.reject = (error) => {
      reject(error);
      refuse(error);
    };
  });
  refused.catch(() => {});
  return refused;
}

/** Escapes a text value for COPY's text format. */
export function copyText(value: string): string {
  return value.replace(
    /[\\\t\n\r]/g,
    (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c] ?? c,
  );
}
