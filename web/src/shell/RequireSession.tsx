import { Navigate, Outlet, useLocation } from 'react-router';
import { session, useSessionState } from '../api/client.ts';
import { Failure } from '../ui/states.tsx';
import { SignInAgain } from './SignInAgain.tsx';
import { Waiting } from './Waiting.tsx';

/** Lets in who is signed in, and asks everybody else to, and comes back afterwards. */
export function RequireSession() {
  const state = useSessionState();
  const { pathname, search } = useLocation();
  if (state === 'signed-out') {
    const next = `${pathname}${search}`;
    const query = next === '/recommendations' ? '' : `?${new URLSearchParams({ next })}`;
    return <Navigate to={`/sign-in${query}`} replace />;
  }
  if (state === 'starting') return <Waiting what="your session" />;
  if (state === 'unreachable') {
    return (
      <Waiting what="your session">
        <Failure error={session.trouble} onRetry={() => session.start()} />
      </Waiting>
    );
  }
  return (
    <>
      <Outlet />
      {state === 'expired' && <SignInAgain />}
    </>
  );
}
