import { Link, Navigate, useSearchParams } from 'react-router';
import { useSessionState } from '../api/client.ts';
import { Note } from '../ui/states.tsx';
import { CredentialsForm } from './CredentialsForm.tsx';
import { Entrance } from './Entrance.tsx';
import { nextPlace } from './next.ts';

/** The way in. */
export function SignIn() {
  const [search] = useSearchParams();
  if (useSessionState() === 'signed-in') return <Navigate to={nextPlace(search)} replace />;
  return (
    <Entrance title="Sign in">
      {search.has('next') && (
        <Note kind="info">
          <p>Sign in to see this view. You come right back to it.</p>
        </Note>
      )}
      <CredentialsForm submit="Sign in" />
      <p className="entrance-other">
        No account yet? <Link to={`/register${search.size > 0 ? `?${search}` : ''}`}>Register</Link>
      </p>
    </Entrance>
  );
}
