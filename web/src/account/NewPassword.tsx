import { Field } from '../ui/fields.tsx';

/** A password to be, within the bounds that the service sets. */
export function NewPassword({
  name,
  label,
  hint,
  value,
  onChange,
}: {
  name: string;
  label: string;
  /** What there is to say besides how long it has to be. */
  hint: string;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <Field
      name={name}
      label={label}
      type="password"
      autoComplete="new-password"
      isRequired
      minLength={12}
      maxLength={128}
      value={value}
      onChange={onChange}
      hint={`At least 12 characters. ${hint}`}
    />
  );
}
