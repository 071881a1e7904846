import { type ReactNode, useContext, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { FieldError, FieldErrorContext } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { Select, SelectValue } from 'react-aria-components/Select';
import { Text } from 'react-aria-components/Text';
import { TextField, type TextFieldProps } from 'react-aria-components/TextField';
import { Icon } from './Icon.tsx';
import { useSteady } from './steady.ts';

/**
 * A text field with its label, a hint, and the validation messages of the browser or the form. A password has a button
 * that shows it.
 */
export function Field({
  label,
  hint,
  type = 'text',
  ...props
}: Omit<TextFieldProps, 'children'> & { label: string; hint?: string }) {
  const [isShown, setShown] = useState(false);
  const isPassword = type === 'password';
  return (
    <TextField
      {...props}
      className="field"
      type={isPassword && isShown ? 'text' : type}
      // Browsers would otherwise correct a shown password, and send it to a spelling service.
      {...(isPassword && { spellCheck: 'false', autoCorrect: 'off' })}
    >
      <Label>{label}</Label>
      {isPassword ? (
        <div className="password-box">
          <Input />
          <Button className="password-toggle" onPress={() => setShown(!isShown)}>
            {isShown ? 'Hide' : 'Show'}
            <span className="visually-hidden"> {label.toLowerCase()}</span>
          </Button>
        </div>
      ) : (
        <Input />
      )}
      {hint && <Text slot="description">{hint}</Text>}
      <SteadyError />
    </TextField>
  );
}

/** A field's validation message, which does not move the form during a press. */
function SteadyError() {
  const validation = useSteady(useContext(FieldErrorContext));
  return (
    <FieldErrorContext value={validation}>
      <FieldError />
    </FieldErrorContext>
  );
}

/** A choice between a few options that are all visible. */
export function Segments<T extends string>({
  label,
  options,
  value,
  onChange,
  isLabelHidden = false,
}: {
  label: string;
  options: readonly { value: T; label: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
  isLabelHidden?: boolean;
}) {
  return (
    <RadioGroup
      className="segments"
      orientation="horizontal"
      value={value}
      onChange={(chosen) => onChange(chosen as T)}
      {...(isLabelHidden && { 'aria-label': label })}
    >
      {!isLabelHidden && <Label>{label}</Label>}
      <div className="segments-track">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="segment">
            {option.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

/** A choice between several options in a menu. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
  className = '',
}: {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  className?: string;
}) {
  return (
    <Select
      className={`field ${className}`}
      value={value}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen as T);
      }}
    >
      <Label>{label}</Label>
      <Button className="select-button">
        <SelectValue />
        <Icon name="chevron" />
      </Button>
      <Popover className="popover">
        <ListBox className="listbox">
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} className="option">
              {option.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
