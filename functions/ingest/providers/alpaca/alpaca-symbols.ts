import { americanSymbol } from '../new-york.ts';

/** Alpaca's form of a symbol: BRK.B for BRK-B. It has only American shares. */
export function toAlpaca(symbol: string): string | undefined {
  return americanSymbol(symbol)?.replace('-', '.');
}

/** This project's form of one of Alpaca's symbols. */
export function fromAlpaca(code: string): string | undefined {
  return americanSymbol(code.replace('.', '-'));
}
