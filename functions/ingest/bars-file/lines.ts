import { TextDecoder } from 'node:util';

/** A bar takes less than 100 characters. Other columns rarely take a thousand. */
export const LONGEST_LINE = 65_536;

/** A line of text, without its end. */
export interface Line {
  /** From 1, as in an editor. */
  readonly number: number;
  /** Undefined for a line that is longer than {@link LONGEST_LINE}. */
  readonly text: string | undefined;
}

/**
 * Splits a stream of bytes into lines: UTF-8, or UTF-16 with its byte order mark. Bytes that are not text become
 * U+FFFD. Lines end with LF or CRLF, or with CR where the beginning of the file has no LF.
 *
 * @param onLine - called for each line, also for blank ones
 */
export async function readLines(
  chunks: AsyncIterable<Uint8Array>,
  onLine: (text: string | undefined, number: number) => void,
): Promise<void> {
  let decoder: TextDecoder | undefined;
  let end = '\n';
  let number = 0;
  let rest = '';
  let isSkipping = false;
  const emit = (text: string) => {
    number++;
    if (isSkipping) isSkipping = false;
    else if (text.length > LONGEST_LINE) onLine(undefined, number);
    else onLine(text.charCodeAt(text.length - 1) === CR ? text.slice(0, -1) : text, number);
  };
  for await (const chunk of chunks) {
    let text: string;
    if (decoder) text = decoder.decode(chunk, { stream: true });
    else {
      decoder = decoderFor(chunk);
      text = decoder.decode(chunk, { stream: true });
      if (!text.includes('\n') && text.includes('\r')) end = '\r';
    }
    const parts = text.split(end);
    const last = parts.pop() ?? '';
    for (const part of parts) {
      emit(rest === '' ? part : rest + part);
      rest = '';
    }
    if (!isSkipping) rest += last;
    if (rest.length > LONGEST_LINE) {
      // The line keeps its number, and its remainder is skipped.
      onLine(undefined, number + 1);
      isSkipping = true;
      rest = '';
    }
  }
  rest += decoder?.decode() ?? '';
  if (rest !== '') emit(rest);
}

const CR = 13;

/** Chooses the decoder by the byte order mark, which it removes. */
function decoderFor([first, second]: Uint8Array): TextDecoder {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8');
}
