import { createInterface } from 'node:readline/promises';

/**
 * Asks a question at the terminal, where the default is no.
 *
 * @param question - without the choices, which are added
 * @returns undefined if there is no terminal to ask at
 */
export async function askYesNo(question: string): Promise<boolean | undefined> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  const lines = createInterface({ input: stdin, output: stderr });
  // Without an answer, such as after Ctrl-D, the answer is no.
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
