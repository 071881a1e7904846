import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { Link, Navigate, useSearchParams } from 'react-router';
import { api, session, useSessionState } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { Entrance } from './Entrance.tsx';
import { useFormProblems } from './form-problems.ts';
import { NewPassword } from './NewPassword.tsx';
import { nextPlace } from './next.ts';

/** A new account, which one is then signed in to. */
export function Register() {
  const [search] = useSearchParams();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const register = useMutation({
    mutationFn: async () => {
      await api('POST /v1/auth/register', { body: { email, password } });
      return api('POST /v1/auth/login', { body: { email, password, session: 'cookie' } });
    },
    onSuccess: (answer) => session.adopt(answer),
  });
  const { problems, isElsewhere, typed } = useFormProblems(register);
  if (useSessionState() === 'signed-in') return <Navigate to={nextPlace(search)} replace />;
  // The service does not tell strangers who has an account; that the password does not fit is all that shows.
  const isTaken = register.error instanceof ApiError && register.error.kind === 'wrong-credentials';
  return (
    <Entrance title="Create an account">
      <Form
        className="form"
        validationErrors={problems}
        onSubmit={(event) => {
          event.preventDefault();
          register.mutate();
        }}
      >
        {isTaken && (
          <Note kind="error" title="This address cannot be registered with this password">
            <p>
              It may have an account already. If it is yours, <Link to="/sign-in">sign in</Link>; otherwise
              take another address.
            </p>
          </Note>
        )}
        {isElsewhere && !isTaken && <Failure error={register.error} />}
        <Field
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          isRequired
          value={email}
          onChange={typed(setEmail)}
        />
        <NewPassword
          label="Password"
          name="password"
          value={password}
          onChange={typed(setPassword)}
          hint="A few words in a row are good and easy to remember."
        />
        <Button type="submit" className="button button-primary" isPending={register.isPending}>
          {register.isPending ? 'Creating the account…' : 'Create the account'}
        </Button>
      </Form>
      <p className="entrance-other">
        An account already? <Link to={`/sign-in${search.size > 0 ? `?${search}` : ''}`}>Sign in</Link>
      </p>
    </Entrance>
  );
}
