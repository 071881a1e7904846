import { countKnown } from './columns.ts';

/** Characters between the fields of a line, the most common first. */
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The delimiters as a person names them. */
export const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'vertical bar',
};

/** The delimiter with which a header has the most columns of known names. */
export function sniffDelimiter(header: string): string {
  let best: string = DELIMITERS[0];
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const known = countKnown(splitFields(header, delimiter) ?? []);
    if (known > most) [best, most] = [delimiter, known];
  }
  return best;
}

/** @returns the fields of a line; undefined if a quote is in the wrong place, or not closed */
export function splitFields(line: string, delimiter: string): string[] | undefined {
  return line.includes('"') ? splitQuoted(line, delimiter) : line.split(delimiter);
}

function splitQuoted(line: string, delimiter: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let end: number;
    const start = skipSpaces(line, at);
    if (line[start] === '"') {
      const close = closingQuote(line, start + 1);
      end = skipSpaces(line, close + 1);
      if (close < 0 || (end < line.length && line[end] !== delimiter)) return undefined;
      fields.push(line.slice(start + 1, close).replaceAll('""', '"'));
    } else {
      end = line.indexOf(delimiter, at);
      if (end < 0) end = line.length;
      const field = line.slice(at, end);
      if (field.includes('"')) return undefined;
      fields.push(field);
    }
    if (end >= line.length) return fields;
    at = end + 1;
  }
}

function skipSpaces(line: string, at: number): number {
  let place = at;
  while (line[place] === ' ') place++;
  return place;
}

/** The place of the quote that closes a field; -1 if there is none. Two quotes in a row are one of its characters. */
function closingQuote(line: string, at: number): number {
  let place = line.indexOf('"', at);
  while (place >= 0 && line[place + 1] === '"') place = line.indexOf('"', place + 2);
  return place;
}
