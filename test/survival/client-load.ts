import { setTimeout as wait } from 'node:timers/promises';
import { defined } from '../../functions/shared/invariant.ts';

/** The answers to a steady load of requests. */
export interface LoadResult {
  requests: number;
  /** How many answers came with each status. */
  statuses: Record<string, number>;
  /** Answers that no client should see, each as a sentence; at most the first twenty. */
  wrong: string[];
  /** Addresses whose registration was confirmed with 202. */
  registered: string[];
}

export interface ClientLoad {
  /** Waits for open requests, and returns the result. */
  stop(): Promise<LoadResult>;
}

const PASSWORD = 'a lantern over wet cobbles';
const MOST_SHOWN = 20;

/**
 * Sends mixed reads and writes at a steady rate, as signed-in users who have accepted the risk notice. A request may
 * succeed or be answered 503 as problem+json; every other answer is noted as wrong.
 *
 * @param rate - requests a second
 */
export async function startClientLoad(origin: string, rate: number): Promise<ClientLoad> {
  const result: LoadResult = { requests: 0, statuses: {}, wrong: [], registered: [] };
  const session = await signUp(origin, 'reader@example.com');
  const underWay = new Set<Promise<void>>();
  const symbols = ['AAPL', 'GOOG', 'IBM', 'MSFT'];

  const send = async (method: string, path: string, allowed: number[], body?: unknown): Promise<number> => {
    result.requests += 1;
    const name = `${method} ${path}`;
    try {
      const response = await request(origin, method, path, body, session.accessToken);
      const text = await response.text();
      result.statuses[response.status] = (result.statuses[response.status] ?? 0) + 1;
      const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
      if (!allowed.includes(response.status) && !(response.status === 503 && isProblem)) {
        note(`${name}: ${response.status} ${text.slice(0, 200)}`);
      }
      return response.status;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      note(`${name}: ${error}${cause}`);
      return 0;
    }
  };
  const note = (text: string) => {
    if (result.wrong.length < MOST_SHOWN) result.wrong.push(text);
  };

  const requests: ((n: number) => Promise<unknown>)[] = [
    () => send('GET', '/v1/recommendations?profile=moderate', [200]),
    (n) => send('GET', `/v1/instruments/${symbols[n % symbols.length]}/bars?limit=500`, [200]),
    () => send('GET', '/v1/me', [200]),
    (n) => send('PATCH', '/v1/me/settings', [200], { preferredProfile: n % 2 ? 'moderate' : 'aggressive' }),
    (n) => send('GET', `/v1/instruments/${symbols[n % symbols.length]}/recommendations`, [200]),
    () => send('GET', '/v1/track-record', [200]),
    () => send('GET', '/v1/models', [200]),
    (n) => send('GET', `/v1/instruments/${symbols[n % symbols.length]}/features?limit=100`, [200]),
    () => send('GET', '/v1/facets', [200]),
  ];
  const timer = setInterval(() => {
    const n = result.requests;
    const made = defined(
      requests[n % requests.length],
      'request',
    )(Math.floor(n / requests.length)).then(() => {
      underWay.delete(made);
    });
    underWay.add(made);
  }, 1000 / rate);
  // Registering hashes a password, which is slow on purpose: one every two seconds.
  let count = 0;
  const registering = setInterval(() => {
    const email = `user${count++}@example.com`;
    const made = send('POST', '/v1/auth/register', [202, 409, 429], { email, password: PASSWORD }).then(
      (status) => {
        if (status === 202) result.registered.push(email);
        underWay.delete(made);
      },
    );
    underWay.add(made);
  }, 2_000);
  return {
    stop: async () => {
      clearInterval(timer);
      clearInterval(registering);
      await Promise.all(underWay);
      return result;
    },
  };
}

/** Signs in; registers first where the address is new, and accepts the risk notice. */
export async function signUp(origin: string, email: string): Promise<{ accessToken: string }> {
  await request(origin, 'POST', '/v1/auth/register', { email, password: PASSWORD });
  const session = await signIn(origin, { email, password: PASSWORD });
  const consent = await request(origin, 'GET', '/v1/consent', undefined, session.accessToken);
  const { version } = (await consent.json()) as { version: string };
  const accepted = await request(origin, 'POST', '/v1/me/consent', { version }, session.accessToken);
  if (!accepted.ok) throw new Error(`consent: ${accepted.status} ${await accepted.text()}`);
  return session;
}

/** Signs in, trying again while the service answers 503. */
export async function signIn(
  origin: string,
  login: { email: string; password: string },
): Promise<{ accessToken: string }> {
  for (;;) {
    const response = await request(origin, 'POST', '/v1/auth/login', login);
    if (response.ok) return (await response.json()) as { accessToken: string };
    if (response.status !== 503) throw new Error(`login: ${response.status} ${await response.text()}`);
    await wait(200);
  }
}

/** One request with JSON in and out. */
export function request(
  origin: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Response> {
  return fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
}
