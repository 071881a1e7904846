import { Navigate, Outlet, useLocation } from 'react-router';
import { session, useSessionState } from '../api/client.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { SignInAgain } from './SignInAgain.tsx';

/** Lets in who is signed in, and asks everybody else to, and comes back afterwards. */
export function RequireSession() {
  const state = useSessionState();
  const { pathname, search } = useLocation();
  if (state === 'signed-out') {
    const next = `${pathname}${search}`;
    const query = next === '/recommendations' ? '' : `?${new URLSearchParams({ next })}`;
    return <Navigate to={`/sign-in${query}`} replace />;
  }
  if (state === 'starting' || state === 'unreachable') {
    return (
      <main className="narrow-page">
        <h1 className="visually-hidden">Boursomatic</h1>
        {state === 'starting' ? (
          <Loading what="your session" rows={2} />
        ) : (
          <Failure error={session.trouble} onRetry={() => session.start()} />
        )}
      </main>
    );
  }
  return (
    <>
      <Outlet />
      {state === 'expired' && <SignInAgain />}
    </>
  );
}
