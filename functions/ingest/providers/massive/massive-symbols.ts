import { americanSymbol } from '../new-york.ts';

/** Massive's form of a symbol: BRK.B for BRK-B. This project reads only its American shares. */
export function toMassive(symbol: string): string | undefined {
  return americanSymbol(symbol)?.replace('-', '.');
}

/** This project's form of one of Massive's tickers, whose lower-case letters mark preferred shares and rights. */
export function fromMassive(code: string): string | undefined {
  return americanSymbol(code.replace('.', '-'));
}
