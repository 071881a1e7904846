import type { ReactNode } from 'react';

/** A heading; that of numbers stands to the right, as they do. */
type Column = string | { number: string };

/** Rows of data below their headings, moved sideways by finger and by key where they do not fit. */
export function DataTable({
  label,
  columns,
  className = '',
  children,
}: {
  /** What it is, to who only hears it. */
  label: string;
  columns: readonly Column[];
  className?: string;
  /** The rows. */
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1)
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
