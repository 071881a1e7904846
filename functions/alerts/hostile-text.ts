/** Control and format characters, line separators, and lone halves of surrogate pairs. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Everything but letters with their marks, digits, spaces, and the punctuation of company names. */
const NOT_OF_NAMES = /[^\p{L}\p{M}\p{N} .,&'’()+!/-]+/gu;

/** Most characters of a name. Longer ones wrap on a phone. */
const MOST_NAME = 60;

/**
 * The name of a company without characters that could be markup, a mention or a header. Names come from vendors and from
 * imported files, so each one may be made to deceive.
 *
 * @example plainName('<b>Acme</b>\r\nBcc: x@y'); // 'b Acme /b Bcc x y'
 */
export function plainName(name: string): string {
  return oneLine(name.replaceAll(INVISIBLE, ' ').replaceAll(NOT_OF_NAMES, ' '), MOST_NAME);
}

/**
 * A text in one line without control characters, cut to a number of characters. It can still contain markup, which each
 * channel escapes.
 */
export function oneLine(text: string, most: number): string {
  const characters = [...text.replaceAll(INVISIBLE, ' ').replaceAll(/\s+/gu, ' ').trim()];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
