import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { api, session } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { CodeField } from './CodeField.tsx';
import { findCodeProblems, useFormProblems } from './form-problems.ts';

/**
 * The sign-in form. It keeps what the user typed when the sign-in fails. If the account has two-step sign-in, a second
 * step requests the code.
 */
export function CredentialsForm({ fixedEmail, submit }: { fixedEmail?: string | undefined; submit: string }) {
  const [email, setEmail] = useState(fixedEmail ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [isSecondStep, setSecondStep] = useState(false);
  const login = useMutation({
    mutationFn: () =>
      api('POST /v1/auth/login', {
        body: { email, password, session: 'cookie', ...(isSecondStep && { code }) },
      }),
    onSuccess: (answer) => session.adopt(answer),
    onError: (error) => {
      if (isProblem(error, 'second-factor-required')) setSecondStep(true);
      // Only if the password was changed in the meantime.
      if (isProblem(error, 'wrong-credentials')) setSecondStep(false);
    },
  });
  const { problems, hasOtherError, clearOnChange } = useFormProblems(login, findCodeProblems);
  const isWrong = isProblem(login.error, 'wrong-credentials');
  const isOtherError = hasOtherError && !isWrong && !isProblem(login.error, 'second-factor-required');
  return (
    <Form
      className="form"
      validationErrors={problems}
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
      {isOtherError && <Failure error={login.error} />}
      {isSecondStep ? (
        <>
          <p>
            Two-step sign-in is on for <span className="break">{email}</span>. Enter a code to continue.
          </p>
          <CodeField value={code} onChange={clearOnChange(setCode)} autoFocus />
        </>
      ) : (
        <>
          <Field
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            isRequired
            isReadOnly={fixedEmail !== undefined}
            value={email}
            onChange={clearOnChange(setEmail)}
          />
          <Field
            label="Password"
            type="password"
            name="password"
            autoComplete="current-password"
            isRequired
            autoFocus={fixedEmail !== undefined}
            value={password}
            onChange={clearOnChange(setPassword)}
          />
        </>
      )}
      <Button type="submit" className="button button-primary" isPending={login.isPending}>
        {login.isPending ? 'Signing in…' : submit}
      </Button>
      {isSecondStep && (
        <Button
          className="link-button"
          onPress={() => {
            login.reset();
            setCode('');
            setSecondStep(false);
          }}
        >
          Back to e-mail and password
        </Button>
      )}
    </Form>
  );
}
