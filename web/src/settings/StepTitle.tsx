import { type ReactNode, useEffect, useRef } from 'react';

/** The title of a step that replaces what the user pressed. It takes the focus, so that a screen reader reads on there. */
export function StepTitle({ children }: { children: ReactNode }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <h4 ref={title} tabIndex={-1} className="step-title">
      {children}
    </h4>
  );
}
