import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { CodeField } from '../account/CodeField.tsx';
import { findCodeProblems, useFormProblems } from '../account/form-problems.ts';
import { NewPassword } from '../account/NewPassword.tsx';
import { api, session } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';

const CURRENT = 'currentPassword';

/** The form that changes the password. A change ends all other sessions. */
export function Password({ email, hasSecondFactor }: { email: string; hasSecondFactor: boolean }) {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const [code, setCode] = useState('');
  const change = useMutation({
    mutationFn: () =>
      api('POST /v1/auth/password', {
        body: { currentPassword: current, newPassword, session: 'cookie', ...(code && { code }) },
      }),
    onSuccess: (answer) => {
      session.adopt(answer);
      setCurrent('');
      setNewPassword('');
      setCode('');
      return Promise.all([
        client.invalidateQueries({ queryKey: ['sessions'] }),
        client.invalidateQueries({ queryKey: ['security-events'] }),
        client.invalidateQueries({ queryKey: ['me'] }),
      ]);
    },
  });
  const { problems, hasOtherError, clearOnChange } = useFormProblems(change, findProblems);
  // Two-step sign-in may have been turned on elsewhere since the page loaded the user.
  const isCodeMissing = isProblem(change.error, 'second-factor-required');
  const needsCode = hasSecondFactor || isCodeMissing || code !== '';
  return (
    <section className="panel" id="password">
      <h2>Password</h2>
      <Form
        className="form form-narrow"
        validationErrors={problems}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        {/* Password managers need a field with the account's name. */}
        <input
          className="visually-hidden"
          type="email"
          autoComplete="username"
          value={email}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field
          name={CURRENT}
          label="Current password"
          type="password"
          autoComplete="current-password"
          isRequired
          value={current}
          onChange={clearOnChange(setCurrent)}
        />
        <NewPassword
          name="newPassword"
          label="New password"
          value={newPassword}
          onChange={clearOnChange(setNewPassword)}
          hint="Changing it signs you out on all other devices. Your API keys keep working."
        />
        {needsCode && <CodeField value={code} onChange={clearOnChange(setCode)} />}
        {hasOtherError && !isCodeMissing && <Failure error={change.error} />}
        {change.isSuccess && (
          <Note kind="success">Your password has been changed. You are signed out on all other devices.</Note>
        )}
        <div>
          <Button type="submit" className="button" isPending={change.isPending}>
            Change password
          </Button>
        </div>
      </Form>
    </section>
  );
}

/** The messages for the fields. The API reports a wrong password without naming the field. */
function findProblems(error: unknown): Record<string, string> {
  return isProblem(error, 'wrong-credentials')
    ? { [CURRENT]: 'This is not your current password.' }
    : findCodeProblems(error);
}
