import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { api, session } from '../api/client.ts';
import { ApiError, isProblem } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { CodeField } from './CodeField.tsx';
import { findCodeProblems, useFormProblems } from './form-problems.ts';
import { NewPassword } from './NewPassword.tsx';

type Step = 'credentials' | 'new-password' | 'code';

/** The problems that lead to another step, which explains what is missing. */
const NEXT_STEPS: Readonly<Record<string, Step>> = {
  'password-change-required': 'new-password',
  'second-factor-required': 'code',
  // Only if the password was changed or has expired in the meantime.
  'wrong-credentials': 'credentials',
};

/**
 * The sign-in form. It keeps what the user typed when the sign-in fails. Further steps request a new password in place of
 * a one-time password, and the code of an account with two-step sign-in.
 */
export function CredentialsForm({ fixedEmail, submit }: { fixedEmail?: string | undefined; submit: string }) {
  const [email, setEmail] = useState(fixedEmail ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const [step, setStep] = useState<Step>('credentials');
  const login = useMutation({
    mutationFn: () =>
      api('POST /v1/auth/login', {
        body: {
          email,
          password,
          session: 'cookie',
          ...(newPassword && { newPassword }),
          ...(step === 'code' && { code }),
        },
      }),
    onSuccess: (answer) => session.adopt(answer),
    onError: (error) => {
      const next = error instanceof ApiError ? NEXT_STEPS[error.kind] : undefined;
      if (next === 'credentials') setNewPassword('');
      if (next) setStep(next);
    },
  });
  const { problems, hasOtherError, clearOnChange } = useFormProblems(login, findCodeProblems);
  const isWrong = isProblem(login.error, 'wrong-credentials');
  const isOtherError = hasOtherError && !(login.error instanceof ApiError && login.error.kind in NEXT_STEPS);
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
      {step === 'new-password' ? (
        <>
          <p>Your password works only once. Choose your own now. You will use it from the next sign-in on.</p>
          <NewPassword
            label="New password"
            name="newPassword"
            value={newPassword}
            onChange={clearOnChange(setNewPassword)}
            hint="Several random words are strong and easy to remember."
            autoFocus
          />
        </>
      ) : step === 'code' ? (
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
      {step !== 'credentials' && (
        <Button
          className="link-button"
          onPress={() => {
            login.reset();
            setCode('');
            setNewPassword('');
            setStep('credentials');
          }}
        >
          Back to e-mail and password
        </Button>
      )}
    </Form>
  );
}
