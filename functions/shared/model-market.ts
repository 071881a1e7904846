/** Marks of an instrument in every answer and on the page. `unvalidated_market`: it is outside the model's market. */
export const MARKS = ['unvalidated_market'] as const;
export type Mark = (typeof MARKS)[number];

/** Explains the mark `unvalidated_market` to a person. */
export const UNVALIDATED_MARKET =
  'The model was trained and tested on US stocks only. Its calls for this market are not validated.';

/** What is stored of an instrument and shows its market. */
export interface Listed {
  symbol: string;
  /** By the source's name; `UNKNOWN` if it is not known. */
  exchange: string;
  /** ISO 4217 code of its prices; null if unknown. */
  currency: string | null;
}

/**
 * The exchanges on which US stocks are listed: as Yahoo names them in full and in short, and their market identifier
 * codes (ISO 10383). NYSE Arca is not among them, because it lists funds.
 */
const US_STOCK_EXCHANGES = new Set(
  (
    'NASDAQ NASDAQGS NASDAQGM NASDAQCM NMS NGM NCM XNAS NYSE NYQ XNYS NYSEAMERICAN NYSEMKT AMEX ASE XASE ' +
    'CBOEUS BATS BTS'
  ).split(' '),
);

/** Symbols that no US stock has: `^GSPC`, `EURUSD=X`, `BTC-USD`, and those with an exchange's suffix, such as `VOD.L`. */
const OTHER_SYMBOL = /[\^=.]|-[A-Z]{3,}$/;

/**
 * The marks of an instrument. Only what is known marks it: a bars file of US stocks often names neither exchange nor
 * currency, and a mark on every stock would say nothing. A fund on an exchange of stocks has no mark, because the kind
 * of an instrument is not stored.
 */
export function marksOf({ symbol, exchange, currency }: Listed): Mark[] {
  const isOutside =
    (currency !== null && currency !== 'USD') ||
    (exchange !== 'UNKNOWN' && !US_STOCK_EXCHANGES.has(exchange.toUpperCase().replaceAll(/[^A-Z]/g, ''))) ||
    OTHER_SYMBOL.test(symbol);
  return isOutside ? ['unvalidated_market'] : [];
}
