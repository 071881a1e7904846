/**
 * A letter after a dot that is a class of shares. The others are exchanges: F is Frankfurt, L London, T Tokyo, and V the
 * TSX Venture Exchange.
 */
const CLASS_LETTER = '[A-EG-KM-SUW-Z]';

const SHARE_CLASS = new RegExp(`^([A-Z0-9]+)(?:/([A-Z])|\\.(${CLASS_LETTER}))$`);

/**
 * The canonical form of a symbol, in which the project stores, compares and shows it. It is Yahoo's form: upper case,
 * with a hyphen before a class of shares. Each vendor's folder maps it to the vendor's own form.
 *
 * Every symbol that enters the project passes through this function.
 *
 * @example
 * canonicalSymbol('brk.b'); // 'BRK-B', and so are BRK/B and BRK-B
 * canonicalSymbol('VOD.L'); // 'VOD.L': a listing in London, not a class of shares
 */
export function canonicalSymbol(text: string): string {
  const symbol = text.trim().replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
  const [, stem, afterSlash, afterDot] = SHARE_CLASS.exec(symbol) ?? [];
  return stem === undefined ? symbol : `${stem}-${afterSlash ?? afterDot}`;
}

/** A canonical symbol as a regular expression: no class of shares follows a dot. */
export const CANONICAL_SYMBOL = new RegExp(`^(?![A-Z0-9]+\\.${CLASS_LETTER}$)[A-Z0-9^][A-Z0-9.^=&-]{0,14}$`);

/** The spellings of symbols that the API accepts, as the source of a regular expression. */
export const ACCEPTED_SYMBOL = '[A-Za-z0-9^][A-Za-z0-9.^=&-]{0,14}';
