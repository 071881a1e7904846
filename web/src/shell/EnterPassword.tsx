import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog } from 'react-aria-components/Dialog';
import { Form } from 'react-aria-components/Form';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { CodeField } from '../account/CodeField.tsx';
import { findCodeProblems, useFormProblems } from '../account/form-problems.ts';
import { api, confirmation, session, useIsConfirmationRequested } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { Field } from '../ui/fields.tsx';
import { Failure } from '../ui/states.tsx';

/**
 * A dialog for when a request needs the password again. The request continues after the user has entered it, and fails
 * without a change if the user cancels.
 */
export default function EnterPassword() {
  const isOpen = useIsConfirmationRequested();
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) confirmation.cancel();
      }}
    >
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">Enter your password to continue</Heading>
          <p>
            This protects your account if someone else uses your device. You will not be asked again for ten
            minutes.
          </p>
          <PasswordForm />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const PASSWORD = 'password';

function PasswordForm() {
  const { data: me } = useQuery(queries.me());
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const send = useMutation({
    mutationFn: () =>
      api('POST /v1/auth/confirm', { body: { password, session: 'cookie', ...(code && { code }) } }),
    onSuccess: (answer) => {
      session.adopt(answer);
      confirmation.confirm();
    },
  });
  const { problems, hasOtherError, clearOnChange } = useFormProblems(send, findProblems);
  // Two-step sign-in may have been turned on elsewhere since the page loaded the user.
  const needsCode = me?.hasSecondFactor || isProblem(send.error, 'second-factor-required') || code !== '';
  return (
    <Form
      className="form"
      validationErrors={problems}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      {/* Password managers need a field with the account's name. */}
      <input
        className="visually-hidden"
        type="email"
        autoComplete="username"
        value={me?.email ?? ''}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Field
        name={PASSWORD}
        label="Password"
        type="password"
        autoComplete="current-password"
        isRequired
        autoFocus
        value={password}
        onChange={clearOnChange(setPassword)}
      />
      {needsCode && <CodeField value={code} onChange={clearOnChange(setCode)} />}
      {hasOtherError && !isProblem(send.error, 'second-factor-required') && <Failure error={send.error} />}
      <div className="dialog-actions">
        <Button className="button" onPress={confirmation.cancel}>
          Cancel
        </Button>
        <Button type="submit" className="button button-primary" isPending={send.isPending}>
          Continue
        </Button>
      </div>
    </Form>
  );
}

function findProblems(error: unknown): Record<string, string> {
  return isProblem(error, 'wrong-credentials')
    ? { [PASSWORD]: 'This is not your password. Check it and try again.' }
    : findCodeProblems(error);
}
