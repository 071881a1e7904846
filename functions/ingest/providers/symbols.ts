/** The exchange suffixes of one letter; any other single letter after a dot is a class of shares. */
const EXCHANGE_LETTERS = new Set(['F', 'L', 'T', 'V']);

/**
 * This project's form of a symbol from a list of constituents or from a person: BRK-B, VOD.L. It is Yahoo's form;
 * each vendor's folder maps it to the vendor's own.
 *
 * @example
 * fromUniverse('BRK.B'); // 'BRK-B', and so are BRK/B, brk-b and "BRK B"
 * fromUniverse('VOD.L'); // 'VOD.L': a listing in London, not a class of shares
 */
export function fromUniverse(text: string): string {
  const symbol = text.trim().toUpperCase();
  const [, stem, letter = ''] = /^([A-Z0-9]+)[./ ]([A-Z])$/.exec(symbol) ?? [];
  const isExchange = symbol.includes('.') && EXCHANGE_LETTERS.has(letter);
  return stem && !isExchange ? `${stem}-${letter}` : symbol;
}
