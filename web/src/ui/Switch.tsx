import type { ReactNode } from 'react';
import { Switch as AriaSwitch } from 'react-aria-components/Switch';

/** A switch that applies at once. Its children are its label. */
export function Switch({
  isOn,
  isDisabled = false,
  onChange,
  children,
}: {
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
  children: ReactNode;
}) {
  return (
    <AriaSwitch className="switch" isSelected={isOn} isDisabled={isDisabled} onChange={onChange}>
      <span className="switch-track" />
      {children}
    </AriaSwitch>
  );
}
