import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * Reads a password: from a person at a terminal without showing it, from anything else as the first line.
 *
 * @param question - shown to a person alone
 */
export async function readPassword(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const isPerson = stdin.isTTY === true;
  // readline shows what is typed on its output: this one shows nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: isPerson });
  if (isPerson) stderr.write(question);
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isPerson) stderr.write('\n');
  }
}
