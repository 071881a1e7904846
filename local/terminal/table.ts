import { Table } from 'console-table-printer';

/** Longest line within a table's cell: with the other columns it fits a wide terminal. */
const LONGEST_LINE = 80;

/** Rows as a table: the first row's keys are its heading. Empty where there are no rows. */
export function table(rows: Record<string, string>[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((name) => {
    // A maxLen is the column's width even where every cell is shorter.
    const isLong = rows.some((row) => (row[name] ?? '').length > LONGEST_LINE);
    return { name, alignment: 'left' as const, ...(isLong ? { maxLen: LONGEST_LINE } : {}) };
  });
  return new Table({ columns, rows, shouldDisableColors: !process.stdout.isTTY }).render();
}
