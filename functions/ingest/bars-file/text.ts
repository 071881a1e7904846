/** Makes text from a file safe to print in a message: short, printable ASCII, on one line. */
export function quoted(text: string): string {
  const printable = text.slice(0, 100).replace(/[^ -~]/g, '?');
  return `"${printable}${text.length > 100 ? '...' : ''}"`;
}
