import { americanSymbol } from '../new-york.ts';

/** Tiingo's form of a symbol, which is this project's. It has American shares, and no indices. */
export function toTiingo(symbol: string): string | undefined {
  return americanSymbol(symbol);
}

/** This project's form of one of Tiingo's symbols. */
export function fromTiingo(code: string): string | undefined {
  return americanSymbol(code.toUpperCase());
}
