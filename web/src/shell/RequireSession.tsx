import { lazy, Suspense } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { session, useIsConfirmationRequested, useSessionState } from '../api/client.ts';
import { Failure } from '../ui/states.tsx';
import { LoadingPage } from './LoadingPage.tsx';

const EnterPassword = lazy(() => import('./EnterPassword.tsx'));
const SignInAgain = lazy(() => import('./SignInAgain.tsx'));

/** Sends signed-out users to the sign-in view, which returns them here afterwards. */
export function RequireSession() {
  const state = useSessionState();
  const isPasswordRequested = useIsConfirmationRequested();
  const { pathname, search } = useLocation();
  if (state === 'signed-out') {
    const next = `${pathname}${search}`;
    const query = next === '/recommendations' ? '' : `?${new URLSearchParams({ next })}`;
    return <Navigate to={`/sign-in${query}`} replace />;
  }
  if (state === 'starting') return <LoadingPage what="your session" />;
  if (state === 'unreachable') {
    return (
      <LoadingPage what="your session">
        <Failure error={session.startError} onRetry={() => session.start()} />
      </LoadingPage>
    );
  }
  // Somebody else may be at the device by now, so nothing of the view stays behind the dialog.
  if (state === 'expired')
    return (
      <Suspense>
        <SignInAgain />
      </Suspense>
    );
  return (
    <>
      <Outlet />
      {isPasswordRequested && (
        <Suspense>
          <EnterPassword />
        </Suspense>
      )}
    </>
  );
}
