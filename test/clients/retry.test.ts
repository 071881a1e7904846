import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type RetryOptions, retrying } from '../../clients/typescript/src/retry.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-02T08:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends a request to a service that refuses it some times. @returns the status, the bodies received, and the seconds waited */
async function sent(
  refusals: readonly [status: number, retryAfter?: string][],
  { method = 'GET', ...options }: RetryOptions & { method?: string } = {},
) {
  const bodies: string[] = [];
  const answers = [...refusals];
  const send = (async (request: Request) => {
    bodies.push(await request.text());
    const [status, retryAfter] = answers.shift() ?? [200];
    return new Response('x', { status, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) });
  }) as typeof fetch;
  const body = method === 'GET' ? null : 'the body';
  const start = Date.now();
  const answer = retrying(send, options)(new Request('http://api.test/v1/me', { method, body }));
  await vi.runAllTimersAsync();
  return { status: (await answer).status, bodies, seconds: (Date.now() - start) / 1000 };
}

describe('a refused request', () => {
  test.each([429, 503])('with %s is repeated after the seconds of Retry-After', async (status) => {
    expect(await sent([[status, '7']])).toEqual({ status: 200, bodies: ['', ''], seconds: 7 });
  });

  test('is repeated at the date of Retry-After', async () => {
    expect(await sent([[503, 'Mon, 02 Mar 2026 08:00:30 GMT']])).toMatchObject({ status: 200, seconds: 30 });
  });

  test('is repeated at once if that date has passed', async () => {
    expect(await sent([[503, 'Mon, 02 Mar 2026 07:00:00 GMT']])).toMatchObject({ status: 200, seconds: 0 });
  });

  test('is repeated with increasing pauses without Retry-After', async () => {
    expect(await sent([[503], [503], [429]])).toMatchObject({ status: 200, seconds: 1 + 2 + 4 });
  });

  test('sends its body again', async () => {
    const { bodies } = await sent([[429, '1']], { method: 'POST' });
    expect(bodies).toEqual(['the body', 'the body']);
  });

  test('that may have saved a change is not repeated without Retry-After', async () => {
    expect(await sent([[503]], { method: 'POST' })).toMatchObject({ status: 503, seconds: 0 });
  });

  test.each([400, 401, 404, 409, 500, 502])('with %s is not repeated', async (status) => {
    expect(await sent([[status, '1']])).toMatchObject({ status, bodies: [''] });
  });

  test('is returned after the last repetition', async () => {
    const refusals = Array.from({ length: 9 }, (): [number, string] => [429, '1']);
    expect(await sent(refusals)).toMatchObject({ status: 429, seconds: 5 });
    expect((await sent(refusals, { retries: 2 })).bodies).toHaveLength(3);
  });

  test('is returned if the wait would be too long, or the header says nonsense', async () => {
    expect(await sent([[429, '121']])).toMatchObject({ status: 429, seconds: 0 });
    expect(await sent([[429, '121']], { maxWaitSeconds: 200 })).toMatchObject({ status: 200, seconds: 121 });
    expect(await sent([[429, 'soon']])).toMatchObject({ status: 429, seconds: 0 });
  });

  test('stops waiting when the caller aborts it', async () => {
    const control = new AbortController();
    const send = (async () =>
      new Response('', { status: 429, headers: { 'retry-after': '60' } })) as typeof fetch;
    const answer = retrying(send, {})(new Request('http://api.test/', { signal: control.signal }));
    const refused = expect(answer).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(1000);
    control.abort(new Error('enough'));
    await refused;
    expect(vi.getTimerCount()).toBe(0);
  });
});
