import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Field } from '../ui/fields.tsx';

/** The name of the field, under which forms and the API report its problems. */
export const CODE = 'code';

/** A field for the second step of a sign-in: the code of an authenticator app, or a recovery code. */
export function CodeField({
  value,
  onChange,
  autoFocus = false,
}: {
  value: string;
  onChange: (code: string) => void;
  autoFocus?: boolean;
}) {
  const [isRecovery, setRecovery] = useState(false);
  const [isSwitched, setSwitched] = useState(false);
  const common = {
    name: CODE,
    autoComplete: 'one-time-code',
    isRequired: true,
    autoFocus: autoFocus || isSwitched,
    value,
    onChange,
  };
  return (
    <div className="code-field">
      {isRecovery ? (
        <Field
          key="recovery"
          {...common}
          label="Recovery code"
          hint="One of the ten codes that you saved when you turned on two-step sign-in. Each works once."
        />
      ) : (
        <Field
          key="app"
          {...common}
          label="Code from your authenticator app"
          inputMode="numeric"
          hint="Six digits. The app shows new ones every 30 seconds."
        />
      )}
      <Button
        className="link-button"
        onPress={() => {
          onChange('');
          setSwitched(true);
          setRecovery(!isRecovery);
        }}
      >
        {isRecovery ? 'Use your authenticator app instead' : 'Use a recovery code instead'}
      </Button>
    </div>
  );
}
