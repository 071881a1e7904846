import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import type { NewSecondFactor, RecoveryCodes } from '../../api-types.d.ts';
import { useFormProblems } from '../account/form-problems.ts';
import { api } from '../api/client.ts';
import { fieldProblems, isProblem } from '../api/problem.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Field } from '../ui/fields.tsx';
import { Failure } from '../ui/states.tsx';
import { QrCode } from './QrCode.tsx';
import { StepTitle } from './StepTitle.tsx';

/** The steps that connect an authenticator app with the account. */
export function SetUpTwoStep({
  email,
  factor,
  onActivated,
  onCancel,
}: {
  email: string;
  factor: NewSecondFactor;
  onActivated: (codes: RecoveryCodes) => void;
  onCancel: () => void;
}) {
  const [code, setCode] = useState('');
  const activate = useMutation({
    mutationFn: () => api('POST /v1/me/second-factor/activate', { body: { code } }),
    onSuccess: onActivated,
  });
  const { problems, hasOtherError, clearOnChange } = useFormProblems(activate, findProblems);
  return (
    <Form
      className="form"
      validationErrors={problems}
      onSubmit={(event) => {
        event.preventDefault();
        activate.mutate();
      }}
    >
      <StepTitle>Set up two-step sign-in</StepTitle>
      <ol className="set-up">
        <li>
          <p className="strong">Open an authenticator app on your phone</p>
          <p className="muted">
            If you have none, install one from your phone’s app store, such as Google Authenticator or
            Microsoft Authenticator. Many password managers also work.
          </p>
        </li>
        <li>
          <p className="strong">Add this account in the app</p>
          <p className="muted">Scan this code with the app:</p>
          <QrCode
            text={factor.uri}
            label="QR code for your authenticator app. The same key follows as text."
          />
          <p className="muted">
            Or type this key into the app, with the name <span className="break">{email}</span>:
          </p>
          <p className="secret">
            <code>{inGroups(factor.secret)}</code>
            <CopyButton what="key" text={factor.secret} />
          </p>
        </li>
        <li>
          <Field
            name="code"
            label="Enter the six digits that the app shows"
            inputMode="numeric"
            autoComplete="one-time-code"
            isRequired
            value={code}
            onChange={clearOnChange(setCode)}
          />
        </li>
      </ol>
      {hasOtherError && <Failure error={activate.error} />}
      <div className="row-actions">
        <Button type="submit" className="button button-primary" isPending={activate.isPending}>
          Turn on
        </Button>
        <Button className="button" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}

/** A key in groups of four characters, which are easier to type. */
function inGroups(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}

function findProblems(error: unknown): Record<string, string> {
  if (!isProblem(error, 'wrong-code')) return fieldProblems(error);
  return {
    code: 'This code is wrong or expired. Enter the one that the app shows now. If that is refused too, check that your phone sets its clock automatically.',
  };
}
