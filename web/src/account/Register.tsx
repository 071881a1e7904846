import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { Link, Navigate, useSearchParams } from 'react-router';
import { api, session, useSessionState } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { AuthLayout } from './AuthLayout.tsx';
import { useFormProblems } from './form-problems.ts';
import { NewPassword } from './NewPassword.tsx';
import { redirectTarget } from './redirect-target.ts';

/** Creates an account and signs the user in to it. */
export function Component() {
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
  const { problems, hasOtherError, clearOnChange } = useFormProblems(register);
  if (useSessionState() === 'signed-in') return <Navigate to={redirectTarget(search)} replace />;
  // The API does not reveal which addresses have an account: registering one succeeds, and only the login fails.
  const isTaken =
    isProblem(register.error, 'wrong-credentials') || isProblem(register.error, 'second-factor-required');
  return (
    <AuthLayout title="Create an account">
      <Form
        className="form"
        validationErrors={problems}
        onSubmit={(event) => {
          event.preventDefault();
          register.mutate();
        }}
      >
        {isTaken && (
          <Note kind="error" title="You cannot register this address">
            <p>
              It may already have an account. If it is yours, <Link to="/sign-in">sign in</Link>. Otherwise,
              use another address.
            </p>
          </Note>
        )}
        {hasOtherError && !isTaken && <Failure error={register.error} />}
        <Field
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          isRequired
          value={email}
          onChange={clearOnChange(setEmail)}
        />
        <NewPassword
          label="Password"
          name="password"
          value={password}
          onChange={clearOnChange(setPassword)}
          hint="Several random words are strong and easy to remember."
        />
        <Button type="submit" className="button button-primary" isPending={register.isPending}>
          {register.isPending ? 'Creating your account…' : 'Create account'}
        </Button>
      </Form>
      <p className="auth-alternative">
        Already have an account? <Link to={`/sign-in${search.size > 0 ? `?${search}` : ''}`}>Sign in</Link>
      </p>
    </AuthLayout>
  );
}
