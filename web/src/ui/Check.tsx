import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import { Icon } from './Icon.tsx';

/** A checkbox with its label. In a group, `value` is what the group reports; otherwise `isChecked` is its state. */
export function Check({
  value,
  isChecked,
  onChange,
  children,
}: {
  value?: string;
  isChecked?: boolean;
  onChange?: (isChecked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Checkbox
      className="checkbox"
      {...(value !== undefined && { value })}
      {...(isChecked !== undefined && { isSelected: isChecked })}
      {...(onChange && { onChange })}
    >
      <span className="checkbox-box">
        <Icon name="check" />
      </span>
      {children}
    </Checkbox>
  );
}
