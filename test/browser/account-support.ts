import { type BrowserContextOptions, request } from 'playwright-core';
import type { Login } from './service-support.ts';

/** Cookies and local storage of a browser. */
type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** Creates an account through the API, accepts the risk notice and signs in. */
export async function createAccount(url: string, login: Login): Promise<StorageState> {
  await using api = await open(url);
  await api.post('/v1/auth/register', login);
  const { accessToken } = await api.post('/v1/auth/login', { ...login, session: 'cookie' });
  const { version } = await api.get('/v1/consent');
  await api.post('/v1/me/consent', { version }, accessToken);
  return api.state();
}

/** Signs in through the API, and returns the state for a signed-in browser. */
export async function openSession(url: string, login: Login, userAgent?: string): Promise<StorageState> {
  await using api = await open(url, userAgent);
  await api.post('/v1/auth/login', { ...login, session: 'cookie' });
  return api.state();
}

async function open(url: string, userAgent?: string) {
  const context = await request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-boursomatic': '1' },
    ...(userAgent !== undefined && { userAgent }),
  });
  const read = async (sent: ReturnType<typeof context.get>): Promise<Record<string, string>> => {
    const response = await sent;
    if (!response.ok()) throw new Error(`${response.url()}: ${response.status()} ${await response.text()}`);
    return response.status() === 204 ? {} : ((await response.json()) as Record<string, string>);
  };
  return {
    get: (path: string) => read(context.get(path)),
    post: (path: string, data: object, token?: string) =>
      read(context.post(path, { data, ...(token && { headers: { authorization: `Bearer ${token}` } }) })),
    state: async () => {
      const { cookies } = await context.storageState();
      return {
        cookies,
        origins: [{ origin: url, localStorage: [{ name: 'boursomatic.session', value: '1' }] }],
      };
    },
    [Symbol.asyncDispose]: () => context.dispose(),
  };
}
