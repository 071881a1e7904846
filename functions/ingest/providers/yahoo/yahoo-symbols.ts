/** Yahoo's form of a symbol, which this project has adopted. */
export function toYahoo(symbol: string): string {
  return symbol;
}

/** This project's form of one of Yahoo's symbols. */
export function fromYahoo(symbol: string): string {
  return symbol.toUpperCase();
}
