import wrapAnsi from 'wrap-ansi';

/** Widest line of printed text, in characters: longer lines are hard to read. */
const WIDEST = 90;

/**
 * Wraps a text to the terminal's width, at most 90 characters. Words longer than a line are kept whole.
 *
 * @param indent - spaces before each line
 * @param hanging - further spaces before each line after the first
 */
export function paragraph(text: string, indent = 0, hanging = 0): string {
  const width = Math.min(process.stdout.columns ?? WIDEST, WIDEST) - indent;
  // The text after what the first line may hold is wrapped again, for the narrower lines below it.
  const [first = ''] = wrapAnsi(text, width).split('\n');
  const rest = text.slice(first.length).trimStart();
  const lines = rest === '' ? [] : wrapAnsi(rest, width - hanging).split('\n');
  const margin = ' '.repeat(indent);
  return [`${margin}${first}`, ...lines.map((line) => `${margin}${' '.repeat(hanging)}${line}`)].join('\n');
}

/**
 * Writes a number of things with its noun.
 *
 * @example counted(1, 'bar') // '1 bar'
 * @example counted(8256, 'bar') // '8,256 bars'
 */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}
