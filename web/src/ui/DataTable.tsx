import type { ReactNode } from 'react';

/** A column heading; columns of numbers are aligned to the right. */
type Column = string | { number: string };

/** A table that scrolls sideways, by touch and keyboard, when it does not fit. */
export function DataTable({
  label,
  columns,
  className = '',
  children,
}: {
  /** The accessible name. */
  label: string;
  columns: readonly Column[];
  className?: string;
  /** The rows. */
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be reachable by keyboard (WCAG 2.1.1)
    <section className="scroll-x" tabIndex={0} aria-label={label}>
      <table className={`data ${className}`}>
        <thead>
          <tr>
            {columns.map((column) => {
              const isNumber = typeof column !== 'string';
              const name = isNumber ? column.number : column;
              return (
                <th key={name} scope="col" className={isNumber ? 'number' : undefined}>
                  {name}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
