/** Control characters that return to the start of the terminal's line and erase it. */
export const CLEAR_LINE = '\r\x1b[2K';

/** Away from a terminal, shortest time between two updates. */
const INTERVAL_MS = 2000;

/** Receives how far a long task is. */
export interface Reporter {
  /** The current step, which the next one replaces. */
  update(text: string): void;
  /** A line that stays. */
  line(text: string): void;
}

/** Shows how far a long task is: one line that is rewritten on a terminal, occasional lines elsewhere. */
export class Progress implements Reporter {
  readonly #out: NodeJS.WriteStream;
  #lastLine = 0;

  /** @param out - standard error by default, so that standard output holds only results */
  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  /** Shows the current step; away from a terminal, at most once every two seconds. */
  update(text: string): void {
    if (this.#out.isTTY) {
      this.#out.write(`${CLEAR_LINE}${text}`);
    } else if (Date.now() - this.#lastLine > INTERVAL_MS) {
      this.#lastLine = Date.now();
      this.#out.write(`${text}\n`);
    }
  }

  /** Prints a line that the next update does not overwrite. */
  line(text: string): void {
    this.#lastLine = Date.now();
    this.#out.write(this.#out.isTTY ? `${CLEAR_LINE}${text}\n` : `${text}\n`);
  }
}
