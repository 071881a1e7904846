import { Link, Navigate, useSearchParams } from 'react-router';
import { useSessionState } from '../api/client.ts';
import { Note } from '../ui/states.tsx';
import { AuthLayout } from './AuthLayout.tsx';
import { CredentialsForm } from './CredentialsForm.tsx';
import { redirectTarget } from './redirect-target.ts';

export function Component() {
  const [search] = useSearchParams();
  if (useSessionState() === 'signed-in') return <Navigate to={redirectTarget(search)} replace />;
  return (
    <AuthLayout title="Sign in">
      {search.has('next') && (
        <Note kind="info">
          <p>Sign in to see the page you requested.</p>
        </Note>
      )}
      <CredentialsForm submit="Sign in" />
      <p className="auth-alternative">
        Forgot your password? Ask the operator of this service for a new one.
      </p>
      <p className="auth-alternative">
        No account yet? <Link to={`/register${search.size > 0 ? `?${search}` : ''}`}>Create one</Link>
      </p>
    </AuthLayout>
  );
}
