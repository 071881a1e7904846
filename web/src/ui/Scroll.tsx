import type { ReactNode } from 'react';

/** What is wider than a narrow screen, moved sideways by finger and by key. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1)
    <section className="scroll-x" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
