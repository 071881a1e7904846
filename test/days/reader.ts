import { setTimeout as wait } from 'node:timers/promises';
import { request, signUp } from '../survival/client-load.ts';

/** The requests of a client, and those that failed. */
export interface Answers {
  requests: number;
  /** Requests that failed, as sentences. */
  failures: string[];
  /** Requests that failed in an excused time, by its name. */
  excused: Record<string, number>;
  /** The longest time until an answer, in milliseconds. */
  slowestMs: number;
}

const LOGIN = { email: 'reader@example.com', password: 'a lantern over wet cobbles' };
const EVERY_MS = 200;
const LONGEST_MS = 10_000;

/** A user who looks at the page and the recommendations all the time. */
export class Reader {
  readonly answers: Answers = { requests: 0, failures: [], excused: {}, slowestMs: 0 };
  readonly #origin: string;
  readonly #now: () => number;
  readonly #underWay = new Set<Promise<void>>();
  #excuse: { name: string; covers: (fault: string) => boolean } | undefined;
  #token = '';
  /** When the service allows the next attempt to sign in, by the moved clock. */
  #signInFrom = 0;
  /** Holds new requests back. */
  #held: Promise<void> = Promise.resolve();
  #signingIn: Promise<string | undefined> | undefined;
  #isStopped = false;

  private constructor(origin: string, now: () => number) {
    this.#origin = origin;
    this.#now = now;
  }

  /** @param now - the clock by which failures are dated */
  static async start(origin: string, now: () => number): Promise<Reader> {
    const reader = new Reader(origin, now);
    reader.#token = (await signUp(origin, LOGIN.email)).accessToken;
    void reader.#read();
    return reader;
  }

  /**
   * Counts failures apart while something happens that no service survives.
   *
   * @param covers - whether it explains a failure; by default any
   */
  async excuse<T>(
    name: string,
    work: () => Promise<T>,
    covers: (fault: string) => boolean = () => true,
  ): Promise<T> {
    this.#excuse = { name, covers };
    try {
      return await work();
    } finally {
      // Requests that began before the end belong to it.
      await this.#settled();
      this.#excuse = undefined;
    }
  }

  /** Does something that no request may span. */
  async between(work: () => Promise<void>): Promise<void> {
    let release = () => {};
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    await this.#settled();
    await work();
    release();
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async stop(): Promise<Answers> {
    this.#isStopped = true;
    await this.#settled();
    return this.answers;
  }

  async #read(): Promise<void> {
    const paths = ['/', '/v1/health', '/v1/recommendations?profile=moderate', '/v1/track-record'];
    for (let n = 0; !this.#isStopped; n++) {
      await this.#held;
      const asked = this.#ask(paths[n % paths.length] ?? '/');
      this.#underWay.add(asked);
      void asked.then(() => this.#underWay.delete(asked));
      await wait(EVERY_MS);
    }
  }

  async #ask(path: string): Promise<void> {
    const { answers } = this;
    const began = performance.now();
    answers.requests++;
    const fault = await this.#faultOf(path).catch((error: unknown) => {
      const { cause } = error as { cause?: unknown };
      return `${error}${cause ? `: ${cause}` : ''}`;
    });
    if (!fault) {
      answers.slowestMs = Math.max(answers.slowestMs, Math.round(performance.now() - began));
    } else if (this.#excuse?.covers(fault)) {
      const { name } = this.#excuse;
      answers.excused[name] = (answers.excused[name] ?? 0) + 1;
    } else answers.failures.push(`${new Date(this.#now()).toISOString()} GET ${path}: ${fault}`);
  }

  /** Why an answer is not the one that a user wants; undefined if it is. */
  async #faultOf(path: string): Promise<string | undefined> {
    const get = async () => {
      const response = await fetch(`${this.#origin}${path}`, {
        headers: { authorization: `Bearer ${this.#token}` },
        signal: AbortSignal.timeout(LONGEST_MS),
      });
      return { status: response.status, text: await response.text() };
    };
    let answer = await get();
    if (answer.status === 401) {
      // The clock moved on by more than a token lives.
      if (this.#now() < this.#signInFrom) return undefined;
      this.#signingIn ??= this.#signIn().finally(() => {
        this.#signingIn = undefined;
      });
      const fault = await this.#signingIn;
      if (fault) return fault;
      answer = await get();
    }
    return answer.status === 200 ? undefined : `${answer.status} ${answer.text.slice(0, 300)}`;
  }

  /** Signs in again; gives why it failed. */
  async #signIn(): Promise<string | undefined> {
    const response = await request(this.#origin, 'POST', '/v1/auth/login', LOGIN);
    if (!response.ok) {
      this.#signInFrom = this.#now() + Number(response.headers.get('retry-after')) * 1000;
      return `sign-in: ${response.status} ${(await response.text()).slice(0, 300)}`;
    }
    this.#token = ((await response.json()) as { accessToken: string }).accessToken;
    return undefined;
  }

  /**
   * Registers another user.
   *
   * @throws Error if the service does not confirm it
   */
  async register(email: string): Promise<void> {
    const answer = await request(this.#origin, 'POST', '/v1/auth/register', { ...LOGIN, email });
    if (!answer.ok) throw new Error(`register: ${answer.status} ${await answer.text()}`);
  }
}
