import { expect, test, vi } from 'vitest';
import { CancelledError, Confirmation } from '../../web/src/api/confirmation.ts';
import { createApi, createTransport } from '../../web/src/api/request.ts';
import { Session } from '../../web/src/api/session.ts';

const problem = (status: number, kind: string) =>
  new Response(JSON.stringify({ type: `/problems/${kind}`, title: kind, status }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

/** A fake API that requires a recent confirmation for an export, with a signed-in user. */
function makeService() {
  const state = { isConfirmed: false, sent: [] as string[] };
  const send = async (input: string | URL | Request) => {
    const path = String(input);
    state.sent.push(path);
    if (path === '/v1/me/export' && !state.isConfirmed) return problem(403, 'confirmation-required');
    if (path === '/v1/auth/confirm') return problem(401, 'wrong-code');
    return Response.json({ path });
  };
  const hint = { getItem: () => '1', setItem: () => {}, removeItem: () => {} };
  const session = new Session({
    fetch: send as typeof fetch,
    hint,
    exclusively: (work) => work(),
    tabs: new EventTarget() as BroadcastChannel,
  });
  session.adopt({ accessToken: 't1', expiresIn: 900 });
  const confirmation = new Confirmation();
  return {
    state,
    session,
    confirmation,
    api: createApi(createTransport(session, send as typeof fetch, confirmation.request)),
  };
}

test('repeats the requests that waited for the password, after one confirmation for all of them', async () => {
  const { state, confirmation, api } = makeService();
  const changes: boolean[] = [];
  confirmation.subscribe(() => changes.push(confirmation.isRequested));
  const answers = Promise.all([api('GET /v1/me/export', {}), api('GET /v1/me/export', {})]);
  await vi.waitFor(() => expect(changes).toEqual([true, true]));
  state.isConfirmed = true;
  confirmation.confirm();
  await expect(answers).resolves.toEqual([{ path: '/v1/me/export' }, { path: '/v1/me/export' }]);
  expect(changes).toEqual([true, true, false]);
  expect(state.sent.length).toBe(4);
});

test('sends nothing more when the user cancels', async () => {
  const { state, confirmation, api } = makeService();
  const refused = expect(api('GET /v1/me/export', {})).rejects.toThrow(CancelledError);
  await vi.waitFor(() => expect(confirmation.isRequested).toBe(true));
  confirmation.cancel();
  await refused;
  expect(confirmation.isRequested).toBe(false);
  expect(state.sent).toEqual(['/v1/me/export']);
});

test('asks once per request, so that a service that always refuses does not ask forever', async () => {
  const { confirmation, api } = makeService();
  const refused = expect(api('GET /v1/me/export', {})).rejects.toMatchObject({
    kind: 'confirmation-required',
  });
  await vi.waitFor(() => expect(confirmation.isRequested).toBe(true));
  confirmation.confirm();
  await refused;
  expect(confirmation.isRequested).toBe(false);
});

test('keeps the session when the API refuses what the user typed', async () => {
  const { state, session, api } = makeService();
  const body = { password: 'correct horse battery staple', code: '123456' };
  await expect(api('POST /v1/auth/confirm', { body })).rejects.toMatchObject({ kind: 'wrong-code' });
  expect(state.sent).toEqual(['/v1/auth/confirm']);
  expect(session.state).toBe('signed-in');
});
