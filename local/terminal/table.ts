import { Table } from 'console-table-printer';

/** Longest line in a table cell, in characters: with the other columns it fits a wide terminal. */
const LONGEST_LINE = 80;

/** A table row: its keys are the headings. */
export type Row = Readonly<Record<string, string>>;

/** How to render a table. */
export interface TableOptions {
  /** Headings of the columns that are aligned to the right; the others are aligned to the left. */
  right?: readonly string[];
  /** Colour of a row on a terminal. */
  colour?: (row: Row) => string | undefined;
}

/** Renders rows as a table with the first row's keys as headings. Returns an empty string if there are no rows. */
export function table(rows: readonly Row[], { right = [], colour }: TableOptions = {}): string {
  const [first] = rows;
  if (!first) return '';
  const columns = Object.keys(first).map((name) => {
    const alignment = right.includes(name) ? ('right' as const) : ('left' as const);
    // maxLen also sets the width, so a column gets one only if a cell needs it.
    const isLong = rows.some((row) => (row[name]?.length ?? 0) > LONGEST_LINE);
    return { name, alignment, ...(isLong && { maxLen: LONGEST_LINE }) };
  });
  const rendered = new Table({ columns, shouldDisableColors: !process.stdout.isTTY });
  for (const row of rows) {
    const color = colour?.(row);
    rendered.addRow(row, color ? { color } : {});
  }
  return rendered.render();
}
