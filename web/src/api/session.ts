import type { Session as SessionAnswer } from '../../api-types.d.ts';
import { ApiError, readProblem, SignedOutError, UnreachableError } from './problem.ts';

/**
 * - `starting`: it is being found out whether there is a session
 * - `unreachable`: it could not be found out, and {@link Session.trouble} says why
 * - `signed-out`: there is none
 * - `signed-in`: there is one
 * - `expired`: there was one, and the view that it was used for is still there
 */
export type SessionState = 'starting' | 'unreachable' | 'signed-out' | 'signed-in' | 'expired';

/** What a session needs of its surroundings; tests give their own. */
export interface SessionEnvironment {
  fetch: typeof fetch;
  /** Remembers that there may be a session. The session itself is in a cookie that no script can read. */
  hint: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Runs work in no two tabs at once: each refresh token counts once, and tabs share it. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

const HINT = 'boursomatic.session';

/** Renewed this long before its end, so that a request seldom meets an expired token. */
const RENEWAL_LEAD_MS = 60_000;

/** Another tab that exchanges the token is done after this. */
const OVERTAKEN_PAUSE_MS = 400;

/**
 * The visitor's session. The access token is in memory alone; the refresh token is in an HttpOnly cookie, and is used
 * only together with a header that no other site can send.
 */
export class Session {
  /** Why it could not be found out whether there is a session. */
  trouble: unknown;
  #state: SessionState = 'starting';
  #token: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<void> | undefined;
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #environment: SessionEnvironment;

  constructor(environment: SessionEnvironment) {
    this.#environment = environment;
  }

  get state(): SessionState {
    return this.#state;
  }

  get token(): string | undefined {
    return this.#token;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes up the session of an earlier visit, if there is one. */
  async start(): Promise<void> {
    if (!this.#environment.hint.getItem(HINT)) return this.#enter('signed-out');
    this.#enter('starting');
    try {
      await this.#exchange();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.end();
      this.trouble = error;
      this.#enter('unreachable');
    }
  }

  /** Goes on with the tokens that a login, a refresh or a new password gave. */
  adopt({ accessToken, expiresIn }: Pick<SessionAnswer, 'accessToken' | 'expiresIn'>): void {
    this.#token = accessToken;
    this.#environment.hint.setItem(HINT, '1');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.renew(accessToken).catch(() => {}),
      Math.max(1_000, expiresIn * 1000 - RENEWAL_LEAD_MS),
    );
    this.#enter('signed-in');
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** Forgets the session. Requests that wait for a new login end. */
  end(): void {
    this.#token = undefined;
    clearTimeout(this.#timer);
    this.#environment.hint.removeItem(HINT);
    this.#enter('signed-out');
    for (const { reject } of this.#waiting.splice(0)) reject(new SignedOutError('signed out'));
  }

  /** Signs out, and leaves nothing in memory: the page begins anew. */
  leave(to: string): void {
    this.#environment.hint.removeItem(HINT);
    location.replace(to);
  }

  /**
   * Gets a new access token for one that no longer counts. However many requests ask at once, one exchange is made.
   * Where the session is over, waits until the visitor has signed in again: what was under way then goes on.
   *
   * @param used - the token that was refused
   * @throws SignedOutError if the visitor signs out instead
   */
  renew(used: string | undefined): Promise<void> {
    if (this.#token !== undefined && this.#token !== used) return Promise.resolve();
    if (this.#state === 'signed-out') return Promise.reject(new SignedOutError('signed out'));
    this.#renewal ??= this.#renewOrWait().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewOrWait(): Promise<void> {
    try {
      await this.#exchange();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.#token = undefined;
      this.#enter('expired');
      await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    }
  }

  async #exchange(): Promise<void> {
    await this.#environment.exclusively(async () => {
      let response = await this.#send();
      if (response.status === 409) {
        await new Promise((resolve) => setTimeout(resolve, OVERTAKEN_PAUSE_MS));
        response = await this.#send();
      }
      if (!response.ok) throw await readProblem(response);
      this.adopt((await response.json()) as SessionAnswer);
    });
  }

  async #send(): Promise<Response> {
    try {
      return await this.#environment.fetch('/v1/auth/refresh', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-boursomatic': '1' },
        body: '{}',
      });
    } catch (cause) {
      throw new UnreachableError('no answer', { cause });
    }
  }

  #enter(state: SessionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
