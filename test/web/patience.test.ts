import { expect, test } from 'vitest';
import { withPatience } from '../../web/src/api/patience.ts';
import { UnreachableError } from '../../web/src/api/problem.ts';
import { createApi } from '../../web/src/api/request.ts';
import { Session } from '../../web/src/api/session.ts';

/** A service that takes requests and never answers, as a broken connection does. */
const silent = ((_input, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
  })) as typeof fetch;

function openApi(patience: number) {
  const send = withPatience(silent, patience);
  const hint = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  return createApi(new Session({ fetch: send, hint, exclusively: (work) => work() }), send);
}

test('an answer that never comes is an error that says so', async () => {
  await expect(openApi(20)('GET /v1/health', {})).rejects.toThrow(UnreachableError);
});

test('what is no longer asked for ends at once, and is no failure of the service', async () => {
  const gone = new AbortController();
  const asked = openApi(60_000)('GET /v1/health', { signal: gone.signal });
  gone.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
});
