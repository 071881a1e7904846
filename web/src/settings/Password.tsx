import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { useFormProblems } from '../account/form-problems.ts';
import { NewPassword } from '../account/NewPassword.tsx';
import { api, session } from '../api/client.ts';
import { ApiError, fieldProblems } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';

/** Another password, which ends every other session. */
export function Password({ email }: { email: string }) {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const change = useMutation({
    mutationFn: () =>
      api('POST /v1/auth/password', {
        body: { currentPassword: current, newPassword: wanted, session: 'cookie' },
      }),
    onSuccess: (answer) => {
      session.adopt(answer);
      setCurrent('');
      setWanted('');
      return client.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const { problems, isElsewhere, typed } = useFormProblems(change, problemsOf);
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
        {/* Password managers look for the account that a password is of. */}
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
          name="currentPassword"
          label="Current password"
          type="password"
          autoComplete="current-password"
          isRequired
          value={current}
          onChange={typed(setCurrent)}
        />
        <NewPassword
          name="newPassword"
          label="New password"
          value={wanted}
          onChange={typed(setWanted)}
          hint="All your other sessions end."
        />
        {isElsewhere && <Failure error={change.error} />}
        {change.isSuccess && (
          <Note kind="success">Your password is changed. You are signed out everywhere else.</Note>
        )}
        <div>
          <Button type="submit" className="button" isPending={change.isPending}>
            Change the password
          </Button>
        </div>
      </Form>
    </section>
  );
}

/** The problems of the two fields; that the password is wrong is told without naming one. */
function problemsOf(error: unknown): Record<string, string> {
  const isWrong = error instanceof ApiError && error.kind === 'wrong-credentials';
  return isWrong ? { currentPassword: 'This is not your current password.' } : fieldProblems(error);
}
