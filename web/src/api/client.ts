import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { Confirmation } from './confirmation.ts';
import { ApiError, SignedOutError, UnreachableError } from './problem.ts';
import { createApi, createListAsCsv, createTransport } from './request.ts';
import { withTimeout } from './request-timeout.ts';
import { Session, type SessionState } from './session.ts';

const send = withTimeout((...args) => fetch(...args));

/** The one session of this tab. */
export const session = new Session({
  fetch: send,
  hint: localStorage,
  // Browsers offer no locks to a page served without TLS from another machine. A single tab works without them.
  exclusively: (work) =>
    'locks' in navigator ? navigator.locks.request('boursomatic.refresh', work) : work(),
  tabs: new BroadcastChannel('boursomatic.session'),
});

/** The dialog that requests the password before an important change. */
export const confirmation = new Confirmation();

const transport = createTransport(session, send, confirmation.request);

export const api = createApi(transport);
export const listAsCsv = createListAsCsv(transport);

/** The session's current state; the component renders again when it changes. */
export function useSessionState(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Whether a request waits for the password; the component renders again when it changes. */
export function useIsConfirmationRequested(): boolean {
  return useSyncExternalStore(confirmation.subscribe, () => confirmation.isRequested);
}

/** Reloads the user when the API reports missing consent: the cached user is out of date. */
function handleMissingConsent(error: unknown): void {
  if (error instanceof ApiError && error.kind === 'consent-required') {
    void queryClient.invalidateQueries({ queryKey: ['me'] });
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: handleMissingConsent }),
  mutationCache: new MutationCache({ onError: handleMissingConsent }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // By default, queries pause without a network and seem to load for ever. Here they fail with an error.
      networkMode: 'always',
      retry: (count, error) => count < 2 && isTransient(error),
      retryDelay: (count) => 500 * 2 ** count,
      throwOnError: (error) => error instanceof SignedOutError,
    },
    mutations: { networkMode: 'always' },
  },
});

// Nobody else may read the data of a session that has ended. The dialog that follows needs the user's address.
session.subscribe(() => {
  if (session.state === 'expired')
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
});

// The next user of this browser must not see cached data of the previous one, or continue their requests.
session.subscribe(() => {
  if (session.state !== 'signed-out') return;
  confirmation.cancel();
  queryClient.clear();
});
