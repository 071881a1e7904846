import { expect, test } from 'vitest';
import { UnreachableError } from '../../web/src/api/problem.ts';
import { createApi, createTransport } from '../../web/src/api/request.ts';
import { withTimeout } from '../../web/src/api/request-timeout.ts';
import { Session } from '../../web/src/api/session.ts';

/** Accepts requests and never responds, like a broken connection. */
const neverResponds = ((_input, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
  })) as typeof fetch;

function makeApi(milliseconds: number) {
  const send = withTimeout(neverResponds, milliseconds);
  const hint = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  const session = new Session({
    fetch: send,
    hint,
    exclusively: (work) => work(),
    tabs: new EventTarget() as BroadcastChannel,
  });
  return createApi(createTransport(session, send, () => Promise.reject()));
}

test('rejects with UnreachableError when no response arrives in time', async () => {
  await expect(makeApi(20)('GET /v1/health', {})).rejects.toThrow(UnreachableError);
});

test('rejects with AbortError when the caller aborts the request', async () => {
  const controller = new AbortController();
  const response = makeApi(60_000)('GET /v1/health', { signal: controller.signal });
  controller.abort();
  await expect(response).rejects.toMatchObject({ name: 'AbortError' });
});
