import type { Session as SessionAnswer } from '../../api-types.d.ts';
import { ApiError, readProblem, SignedOutError, UnreachableError } from './problem.ts';

/**
 * - `starting`: the page checks whether an earlier session is still valid
 * - `unreachable`: that check failed; {@link Session.startError} has the reason
 * - `signed-out`: there is no session
 * - `signed-in`: there is a session
 * - `expired`: the session has ended while its view was open
 */
export type SessionState = 'starting' | 'unreachable' | 'signed-out' | 'signed-in' | 'expired';

/** What a session needs from the browser; tests replace it. */
export interface SessionEnvironment {
  fetch: typeof fetch;
  /** Stores a flag that a session may exist. The refresh token itself is in a cookie that scripts cannot read. */
  hint: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Runs work in one tab at a time: tabs share the refresh token, which is valid for one exchange. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** Reaches the other tabs of this browser. */
  tabs: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
}

const HINT = 'boursomatic.session';

/** The message that a sign-out sends to the other tabs. */
const SIGNED_OUT = 'signed-out';

/** How long before it expires the access token is renewed. */
const RENEWAL_LEAD_MS = 60_000;

/** Wait before the retry when another tab exchanged the token first (409). */
const CONFLICT_RETRY_MS = 400;

/**
 * The user's session. The access token is kept in memory only. The refresh token is in an HttpOnly cookie, which the
 * API accepts only with a header that other sites cannot send.
 */
export class Session {
  /** Why {@link Session.start} failed. */
  startError: unknown;
  #state: SessionState = 'starting';
  #token: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<void> | undefined;
  #pending: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #environment: SessionEnvironment;

  constructor(environment: SessionEnvironment) {
    this.#environment = environment;
    environment.tabs.addEventListener('message', ({ data }) => {
      if (data === SIGNED_OUT) this.end();
    });
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

  /** Resumes the session of an earlier visit, if there is one. */
  async start(): Promise<void> {
    if (!this.#environment.hint.getItem(HINT)) return this.#enter('signed-out');
    this.#enter('starting');
    try {
      await this.#exchange();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.end();
      this.startError = error;
      this.#enter('unreachable');
    }
  }

  /** Takes the access token that a login, a refresh, a confirmation or a password change returned. */
  adopt({ accessToken, expiresIn }: Pick<SessionAnswer, 'accessToken' | 'expiresIn'>): void {
    this.#token = accessToken;
    this.#environment.hint.setItem(HINT, '1');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.renew(accessToken).catch(() => {}),
      Math.max(1_000, expiresIn * 1000 - RENEWAL_LEAD_MS),
    );
    this.#enter('signed-in');
    for (const { resolve } of this.#pending.splice(0)) resolve();
  }

  /** Ends the session. Requests that wait for a new login fail. */
  end(): void {
    this.#token = undefined;
    clearTimeout(this.#timer);
    this.#environment.hint.removeItem(HINT);
    this.#enter('signed-out');
    for (const { reject } of this.#pending.splice(0)) reject(new SignedOutError('signed out'));
  }

  /** Signs out in all tabs, and reloads the page, so that nothing of the session stays in memory. */
  leave(to: string): void {
    this.#environment.hint.removeItem(HINT);
    this.#environment.tabs.postMessage(SIGNED_OUT);
    location.replace(to);
  }

  /**
   * Replaces an access token that the API refused. Concurrent calls share one exchange. If the session has ended, the
   * promise waits until the user has signed in again.
   *
   * @param used - the refused token
   * @throws SignedOutError if the user signs out instead
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
      await new Promise<void>((resolve, reject) => this.#pending.push({ resolve, reject }));
    }
  }

  async #exchange(): Promise<void> {
    await this.#environment.exclusively(async () => {
      let response = await this.#send();
      if (response.status === 409) {
        await new Promise((resolve) => setTimeout(resolve, CONFLICT_RETRY_MS));
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
      throw new UnreachableError('no response', { cause });
    }
  }

  #enter(state: SessionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
