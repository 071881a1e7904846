import { type ReactNode, useEffect, useRef } from 'react';

/**
 * The title of a step that replaces what the user pressed. It takes the focus, so that a screen reader reads on there.
 *
 * @param level - the level of the heading, one below that of its section
 */
export function StepTitle({ level = 4, children }: { level?: 3 | 4; children: ReactNode }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const Heading = `h${level}` as const;
  return (
    <Heading ref={title} tabIndex={-1} className="step-title">
      {children}
    </Heading>
  );
}
