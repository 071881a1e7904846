import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SignedOutError, UnreachableError } from '../../web/src/api/problem.ts';
import { createApi, createTransport } from '../../web/src/api/request.ts';
import { Session } from '../../web/src/api/session.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** No request of these tests needs the password again. */
const neverConfirms = () => Promise.reject(new Error('unexpected'));

const problem = (status: number, kind: string) =>
  new Response(JSON.stringify({ type: `/problems/${kind}`, title: kind, status }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

/** A fake API with one session, whose access tokens are t1, t2 and so on. */
function makeService({ hint = '1' as string | null } = {}) {
  const tabs = Object.assign(new EventTarget(), { postMessage: vi.fn() }) as unknown as BroadcastChannel;
  const state = {
    tokens: 0,
    hasEnded: false,
    hasConflict: false,
    isDown: false,
    refreshes: 0,
    accepted: 't1',
  };
  const next = () => {
    state.accepted = `t${++state.tokens}`;
    return { accessToken: state.accepted, expiresIn: 900 };
  };
  const send = async (input: string | URL | Request, init?: RequestInit) => {
    if (state.isDown) throw new TypeError('fetch failed');
    const headers = new Headers(init?.headers);
    if (String(input) === '/v1/auth/refresh') {
      state.refreshes++;
      expect(headers.get('x-boursomatic')).toBe('1');
      await Promise.resolve();
      if (state.hasEnded) return problem(401, 'session-ended');
      if (state.hasConflict) {
        state.hasConflict = false;
        return problem(409, 'conflict');
      }
      return Response.json(next());
    }
    const token = headers.get('authorization');
    return token === `Bearer ${state.accepted}`
      ? Response.json({ email: 'a@example.com' })
      : problem(401, 'not-signed-in');
  };
  const kept = new Map(hint === null ? [] : [['boursomatic.session', hint]]);
  const session = new Session({
    fetch: send as typeof fetch,
    hint: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    exclusively: (work) => work(),
    tabs,
  });
  return {
    state,
    session,
    kept,
    next,
    tabs,
    api: createApi(createTransport(session, send as typeof fetch, neverConfirms)),
  };
}

test('sends no request when there was no earlier session', async () => {
  const { session, state } = makeService({ hint: null });
  await session.start();
  expect(session.state).toBe('signed-out');
  expect(state.refreshes).toBe(0);
});

test('ends when another tab signs out', async () => {
  const { session, state, tabs, api } = makeService();
  await session.start();
  tabs.dispatchEvent(new MessageEvent('message', { data: 'something else' }));
  expect(session.state).toBe('signed-in');
  tabs.dispatchEvent(new MessageEvent('message', { data: 'signed-out' }));
  expect(session.state).toBe('signed-out');
  expect(session.token).toBeUndefined();
  state.refreshes = 0;
  await expect(api('GET /v1/me', {})).rejects.toThrow(SignedOutError);
  expect(state.refreshes).toBe(0);
});

test('makes one exchange for many requests that are refused at once', async () => {
  const { session, state, api } = makeService();
  await session.start();
  state.accepted = 'other';
  state.refreshes = 0;
  await Promise.all(Array.from({ length: 20 }, () => api('GET /v1/me', {})));
  expect(state.refreshes).toBe(1);
});

test('renews the access token in the background before it expires', async () => {
  const { session, state } = makeService();
  await session.start();
  await vi.advanceTimersByTimeAsync(839_000);
  expect(state.refreshes).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(state.refreshes).toBe(2);
  expect(session.token).toBe('t2');
});

test('retries an exchange after another tab made one first', async () => {
  const { session, state } = makeService();
  state.hasConflict = true;
  const started = session.start();
  await vi.advanceTimersByTimeAsync(500);
  await started;
  expect(session.state).toBe('signed-in');
  expect(state.refreshes).toBe(2);
});

test('continues a pending request after the user signs in again', async () => {
  const { session, state, api, next } = makeService();
  await session.start();
  state.hasEnded = true;
  state.accepted = 'other';
  const answer = api('GET /v1/me', {});
  await vi.advanceTimersByTimeAsync(0);
  expect(session.state).toBe('expired');
  session.adopt(next());
  await expect(answer).resolves.toEqual({ email: 'a@example.com' });
  expect(session.state).toBe('signed-in');
});

test('rejects a pending request if the user signs out instead of signing in again', async () => {
  const { session, state, api, kept } = makeService();
  await session.start();
  state.hasEnded = true;
  state.accepted = 'other';
  const answer = expect(api('GET /v1/me', {})).rejects.toThrow(SignedOutError);
  await vi.advanceTimersByTimeAsync(0);
  session.end();
  await answer;
  expect(session.token).toBeUndefined();
  expect(kept.size).toBe(0);
});

test('keeps the session while the service is down', async () => {
  const { session, state, api } = makeService();
  state.isDown = true;
  await session.start();
  expect(session.state).toBe('unreachable');
  state.isDown = false;
  await session.start();
  expect(session.state).toBe('signed-in');
  state.isDown = true;
  await expect(api('GET /v1/me', {})).rejects.toThrow(UnreachableError);
  expect(session.state).toBe('signed-in');
});
