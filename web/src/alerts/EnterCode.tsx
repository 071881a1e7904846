import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import type { AlertChannel } from '../../api-types.d.ts';
import { useFormProblems } from '../account/form-problems.ts';
import { api } from '../api/client.ts';
import { fieldProblems, isProblem } from '../api/problem.ts';
import { Field } from '../ui/fields.tsx';
import { Failure } from '../ui/states.tsx';

const CODE = 'code';

/** The form for the code that proves that an e-mail address belongs to the user. */
export function EnterCode({
  channel,
  onConfirmed,
}: {
  channel: AlertChannel;
  onConfirmed: () => Promise<unknown>;
}) {
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () =>
      api('POST /v1/me/alerts/channels/{id}/confirm', {
        path: { id: channel.id },
        body: { code: code.replaceAll(' ', '') },
      }),
    onSuccess: onConfirmed,
  });
  const { problems, hasOtherError, clearOnChange } = useFormProblems(confirm, codeProblems);
  return (
    <Form
      className="form form-narrow"
      validationErrors={problems}
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Field
        name={CODE}
        label={`Code from the message to ${channel.target}`}
        inputMode="numeric"
        autoComplete="one-time-code"
        isRequired
        maxLength={11}
        value={code}
        onChange={clearOnChange(setCode)}
        hint="Eight digits. If no message arrives, send the code again."
      />
      {hasOtherError && <Failure error={confirm.error} />}
      <div>
        <Button type="submit" className="button button-primary" isPending={confirm.isPending}>
          Confirm this address
        </Button>
      </div>
    </Form>
  );
}

/** The API reports a wrong code without naming a field. */
function codeProblems(error: unknown): Record<string, string> {
  if (isProblem(error, 'wrong-code')) return { [CODE]: error.message };
  return fieldProblems(error);
}
