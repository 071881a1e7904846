import { chmod, glob, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoursomaticError } from '../../functions/shared/errors.ts';

const LIBRARIES = '/usr/lib{,64}/{,*-linux-gnu/}faketime/libfaketimeMT.so.1';

/**
 * A wall clock for processes of their own, such as Node and Postgres: libfaketime reads its offset from a file with
 * each look at the clock. Timers and the clocks that measure durations stay real.
 */
export class MovedClock {
  readonly #folder: string;
  readonly #library: string;
  #offsetMs = 0;

  private constructor(folder: string, library: string) {
    this.#folder = folder;
    this.#library = library;
  }

  /**
   * @param instant - where the clock begins; it then runs as the real one does
   * @throws BoursomaticError if this machine lacks libfaketime
   */
  static async start(instant: string): Promise<MovedClock> {
    let library: string | undefined;
    for await (const found of glob(LIBRARIES)) library = found;
    if (!library) {
      throw new BoursomaticError('faketime', 'this machine lacks libfaketime: apt-get install faketime');
    }
    const folder = await mkdtemp(join(tmpdir(), 'boursomatic-clock-'));
    // Postgres reads the file as another user.
    await chmod(folder, 0o755);
    const clock = new MovedClock(folder, library);
    await clock.set(Date.parse(instant));
    return clock;
  }

  /** The clock's instant, in milliseconds. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  async set(instant: number): Promise<void> {
    // The library reads whole seconds.
    this.#offsetMs = Math.round((instant - Date.now()) / 1000) * 1000;
    const file = join(this.#folder, 'offset');
    const seconds = this.#offsetMs / 1000;
    await writeFile(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`, { mode: 0o644 });
    await rename(`${file}.new`, file);
  }

  /** The environment of a process that has this clock, and of the processes that it starts. */
  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: join(this.#folder, 'offset'),
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}
