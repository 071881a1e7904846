/** Where a long piece of work is. On a terminal one line is rewritten; elsewhere lines are added. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #lastLine = 0;

  /** @param out - standard error, so that standard output holds only results */
  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  /** Says where the work is now; away from a terminal, at most once every two seconds. */
  update(text: string): void {
    if (this.#out.isTTY) {
      this.#out.write(`\r\x1b[2K${text}`);
    } else if (Date.now() - this.#lastLine > 2000) {
      this.#lastLine = Date.now();
      this.#out.write(`${text}\n`);
    }
  }

  /** Says something that stays. */
  line(text: string): void {
    this.#lastLine = Date.now();
    this.#out.write(this.#out.isTTY ? `\r\x1b[2K${text}\n` : `${text}\n`);
  }
}
