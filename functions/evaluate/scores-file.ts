import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { BadInputError } from '../shared/errors.ts';
import type { PredictedDay } from './predictions-file.ts';

const HEADER = 'date,symbol,score,p_sell,p_hold,p_buy';

/**
 * A gzipped CSV file with a line for each predicted row, with all digits, so that anybody can compute measures of their
 * own. The file has another name until it is complete.
 */
export class ScoresFile {
  readonly #path: string;
  readonly #part: string;
  readonly #zip: Gzip;
  readonly #written: Promise<void>;

  private constructor(path: string, part: string, zip: Gzip, written: Promise<void>) {
    this.#path = path;
    this.#part = part;
    this.#zip = zip;
    this.#written = written;
  }

  /** @throws BadInputError if the file exists or its folder cannot be written to */
  static async create(path: string): Promise<ScoresFile> {
    if (existsSync(path)) throw new BadInputError(`${path}: exists; name another file`);
    const part = `${path}.part-${process.pid}`;
    await open(part, 'w').then(
      (file) => file.close(),
      (cause) => {
        throw new BadInputError(`${path}: cannot be written (${cause.code})`, { cause });
      },
    );
    const zip = createGzip();
    const written = finished(zip.pipe(createWriteStream(part)));
    // Awaited after the last day; without this, a full disk before then would end the process.
    written.catch(() => zip.destroy());
    zip.write(`${HEADER}\n`);
    return new ScoresFile(path, part, zip, written);
  }

  /** @throws Error if the file cannot be written any more */
  async add({ day, symbols, score, probabilities }: PredictedDay): Promise<void> {
    const lines = symbols.map((symbol, i) => [day, symbol, score[i], probabilities[i]].join(','));
    if (this.#zip.write(`${lines.join('\n')}\n`)) return;
    await Promise.race([once(this.#zip, 'drain'), this.#written]);
  }

  /** Completes the file under its own name. */
  async finish(): Promise<void> {
    this.#zip.end();
    await this.#written;
    await rename(this.#part, this.#path);
  }

  /** Removes what was written, unless the file is complete. */
  async discard(): Promise<void> {
    this.#zip.destroy();
    await rm(this.#part, { force: true });
  }
}
