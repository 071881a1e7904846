import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { withPatience } from './patience.ts';
import { ApiError, SignedOutError, UnreachableError } from './problem.ts';
import { createApi } from './request.ts';
import { Session, type SessionState } from './session.ts';

const send = withPatience((...args) => fetch(...args));

/** The one session of this tab. */
export const session = new Session({
  fetch: send,
  hint: localStorage,
  // Not there where the page is served without TLS from another machine; one tab then works as well.
  exclusively: (work) =>
    'locks' in navigator ? navigator.locks.request('boursomatic.refresh', work) : work(),
});

export const api = createApi(session, send);

/** How the session stands, kept up to date. */
export function useSessionState(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** What the API says of consent counts more than what was known before. */
function noticeConsent(error: unknown): void {
  if (error instanceof ApiError && error.kind === 'consent-required') {
    void queryClient.invalidateQueries({ queryKey: ['me'] });
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeConsent }),
  mutationCache: new MutationCache({ onError: noticeConsent }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Paused queries would look as if they loaded for ever: without a network they fail, and say so.
      networkMode: 'always',
      retry: (count, error) => count < 2 && isPassing(error),
      retryDelay: (count) => 500 * 2 ** count,
      throwOnError: (error) => error instanceof SignedOutError,
    },
    mutations: { networkMode: 'always' },
  },
});

/** Leaves nothing of one visitor for the next. */
session.subscribe(() => {
  if (session.state === 'signed-out') queryClient.clear();
});
