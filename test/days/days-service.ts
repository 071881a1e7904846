import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Sql } from '../../functions/shared/database.ts';
import { connectSuperuser, type LaunchedService, launchService, servedUrl } from '../survival/service.ts';

const HASTY_START = fileURLToPath(new URL('hasty-start.ts', import.meta.url));
/** The database of real data. */
export const DATABASE = 'boursomatic';

/** The longest wait for anything, in real time. */
const LIMIT_MS = 180_000;

/** A run in the ledger. */
export interface LedgerRun {
  id: string;
  status: string;
  startedAt: number;
  error: string | null;
}

/** The service on a data folder, over restarts. */
export class DaysService {
  readonly dataDir: string;
  readonly #port: number;
  readonly #environment: Readonly<Record<string, string>>;
  #process: LaunchedService | undefined;
  /** What ended processes have printed. */
  #printed = '';

  constructor(dataDir: string, port: number, environment: Readonly<Record<string, string>>) {
    this.dataDir = dataDir;
    this.#port = port;
    this.#environment = environment;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Everything that it has printed. */
  output(): string {
    return this.#printed + (this.#process?.output() ?? '');
  }

  /** Starts it, and waits until it serves. */
  async start(options: readonly string[] = []): Promise<void> {
    const launched = launchService(this.dataDir, ['--port', String(this.#port), ...options], {
      program: HASTY_START,
      isLeader: true,
      environment: this.#environment,
    });
    this.#process = launched;
    await this.until('it serves', () => servedUrl(launched.output()) !== undefined);
  }

  /** Ends it with a signal, and waits for its end. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = this.#process;
    if (!ending?.child.pid) return;
    if (ending.ended() === undefined) process.kill(ending.child.pid, signal);
    await ending.end;
    this.#printed += `${ending.output()}[${ending.ended()}]\n`;
    this.#process = undefined;
  }

  /**
   * Waits for something.
   *
   * @throws Error with what the service printed, if it ends instead or time is over
   */
  async until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
    for (const end = Date.now() + LIMIT_MS; !(await isTrue()); await wait(100)) {
      const ended = this.#process?.ended();
      if (ended !== undefined || Date.now() > end)
        throw new Error(`waited for: ${what}; ${ended ?? 'time is over'}\n${this.output().slice(-4000)}`);
    }
  }

  /** Runs work as the database's superuser; undefined while the database cannot be reached. */
  async ask<T>(work: (sql: Sql) => Promise<T>): Promise<T | undefined> {
    let sql: Sql | undefined;
    try {
      sql = await connectSuperuser(this.dataDir, DATABASE);
      return await work(sql);
    } catch {
      return undefined;
    } finally {
      await sql?.end({ timeout: 1 });
    }
  }

  /** The runs that began at an instant or later, in their order. */
  async runsSince(instant: number): Promise<LedgerRun[]> {
    const runs = await this.ask(
      (sql) => sql<(Omit<LedgerRun, 'startedAt'> & { startedAt: Date })[]>`
        SELECT id, status, started_at AS "startedAt", error FROM pipeline_runs
        WHERE started_at >= ${new Date(instant)} ORDER BY started_at`,
    );
    return runs?.map((run) => ({ ...run, startedAt: run.startedAt.getTime() })) ?? [];
  }
}
