import { Field } from '../ui/fields.tsx';

/** A field for a new password, with the length limits that the API sets. */
export function NewPassword({
  name,
  label,
  hint,
  value,
  onChange,
  autoFocus = false,
}: {
  name: string;
  label: string;
  /** Shown after the sentence about the minimum length. */
  hint: string;
  value: string;
  onChange: (text: string) => void;
  autoFocus?: boolean;
}) {
  return (
    <Field
      name={name}
      label={label}
      type="password"
      autoComplete="new-password"
      isRequired
      autoFocus={autoFocus}
      minLength={12}
      maxLength={128}
      value={value}
      onChange={onChange}
      hint={`At least 12 characters. ${hint}`}
    />
  );
}
