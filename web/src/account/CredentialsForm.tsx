import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { api, session } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';

/** The sign-in form. It keeps what the user typed when the sign-in fails. */
export function CredentialsForm({ fixedEmail, submit }: { fixedEmail?: string | undefined; submit: string }) {
  const [email, setEmail] = useState(fixedEmail ?? '');
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => api('POST /v1/auth/login', { body: { email, password, session: 'cookie' } }),
    onSuccess: (answer) => session.adopt(answer),
  });
  const isWrong = login.error instanceof ApiError && login.error.kind === 'wrong-credentials';
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        login.mutate();
      }}
    >
      {isWrong && (
        <Note kind="error" title="Wrong e-mail or password">
          <p>Check both and try again. Passwords are case-sensitive.</p>
        </Note>
      )}
      {login.isError && !isWrong && <Failure error={login.error} />}
      <Field
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        isRequired
        isReadOnly={fixedEmail !== undefined}
        value={email}
        onChange={setEmail}
      />
      <Field
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        isRequired
        autoFocus={fixedEmail !== undefined}
        value={password}
        onChange={setPassword}
      />
      <Button type="submit" className="button button-primary" isPending={login.isPending}>
        {login.isPending ? 'Signing in…' : submit}
      </Button>
    </Form>
  );
}
