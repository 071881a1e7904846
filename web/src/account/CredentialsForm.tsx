import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { api, session } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';

/** E-mail and password. What was typed stays when it was wrong. */
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
        <Note kind="error" title="E-mail or password is wrong">
          <p>Look at both again: capitals count in the password.</p>
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
